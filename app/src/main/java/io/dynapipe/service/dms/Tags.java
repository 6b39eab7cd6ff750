package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import java.util.List;

/** Tags of resources. */
final class Tags {

  private static final String TAGS = "tags";
  private static final int MAX_TAGS = 50;
  private static final int MAX_KEY = 128;
  private static final int MAX_VALUE = 256;

  private final Registry registry;

  Tags(Registry registry) {
    this.registry = registry;
  }

  /**
   * Puts the tags of a request that makes a resource into what is kept of it.
   *
   * @throws Fault when a tag is wrong
   */
  static void keep(Input input, ObjectNode kept) {
    merge(input, kept);
  }

  private static void merge(Input input, ObjectNode kept) {
    ObjectNode tags = kept.withObject("/" + TAGS);
    for (Input tag : input.objects("Tags")) {
      String key = tag.text("Key", "");
      String value = tag.text("Value", "");
      if (key.isEmpty() || key.length() > MAX_KEY || value.length() > MAX_VALUE) {
        throw Fault.invalidValue(
            "A tag has a Key of 1 to 128 and a Value of up to 256 characters.");
      }
      tags.put(key, value);
    }
    if (tags.size() > MAX_TAGS) {
      throw Fault.of("ResourceQuotaExceededFault", "A resource can have 50 tags at most.");
    }
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "AddTagsToResource",
            "Adds tags to an instance, endpoint, task, replication configuration, subnet group or"
                + " certificate.",
            InputShape.of("ResourceArn! Tags!:objects"),
            this::add),
        Operation.of(
            "RemoveTagsFromResource",
            "Removes tags.",
            InputShape.of("ResourceArn! TagKeys!:texts"),
            this::remove),
        Operation.of(
            "ListTagsForResource",
            "Lists the tags of one or several resources.",
            InputShape.of("ResourceArn ResourceArnList:texts"),
            this::list));
  }

  private Resource resource(String arn) {
    for (Kind kind : Kind.values()) {
      Resource found =
          registry.find(kind, r -> r.key().equals(arn) || r.keptText("arn").equals(arn));
      if (found != null) {
        return found;
      }
    }
    throw Fault.notFound("Resource " + arn + " not found.");
  }

  private ObjectNode add(Input input) {
    Resource resource = resource(input.required("ResourceArn"));
    registry.update(resource.kind(), resource.key(), changed -> merge(input, changed.kept()));
    return Json.object();
  }

  private ObjectNode remove(Input input) {
    Resource resource = resource(input.required("ResourceArn"));
    registry.update(
        resource.kind(),
        resource.key(),
        changed -> changed.kept().withObject("/" + TAGS).remove(input.texts("TagKeys")));
    return Json.object();
  }

  private ObjectNode list(Input input) {
    List<String> arns = input.texts("ResourceArnList");
    if (input.has("ResourceArn") == !arns.isEmpty()) {
      throw Fault.invalidCombination("Give either ResourceArn or ResourceArnList.");
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("TagList");
    for (String arn : arns.isEmpty() ? List.of(input.required("ResourceArn")) : arns) {
      resource(arn)
          .kept()
          .path(TAGS)
          .properties()
          .forEach(
              tag -> {
                ObjectNode shown = list.addObject();
                shown.put("Key", tag.getKey());
                shown.put("Value", tag.getValue().asText());
                if (!arns.isEmpty()) {
                  shown.put("ResourceArn", arn);
                }
              });
    }
    return answer;
  }
}
