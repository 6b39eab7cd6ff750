package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import java.util.List;
import java.util.Locale;

/** Subnet groups: kept and shown, so that the same scripts run here and on AWS. */
final class SubnetGroups {

  private final Registry registry;
  private final Account account;

  SubnetGroups(Registry registry, Account account) {
    this.registry = registry;
    this.account = account;
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "CreateReplicationSubnetGroup",
            "Makes a subnet group, which is shown and has no effect.",
            InputShape.of(
                "ReplicationSubnetGroupIdentifier! ReplicationSubnetGroupDescription!",
                "SubnetIds!:texts Tags:objects"),
            this::create),
        Operation.of(
            "ModifyReplicationSubnetGroup",
            "Changes description and subnets.",
            InputShape.of(
                "ReplicationSubnetGroupIdentifier! ReplicationSubnetGroupDescription",
                "SubnetIds!:texts"),
            this::modify),
        Operation.of(
            "DeleteReplicationSubnetGroup",
            "Deletes a subnet group that no instance names.",
            InputShape.of("ReplicationSubnetGroupIdentifier!"),
            this::delete),
        Operation.of(
            "DescribeReplicationSubnetGroups",
            "Lists subnet groups.",
            InputShape.of(Listing.INPUT),
            this::describe));
  }

  static Resource require(Registry registry, String identifier) {
    Resource group = registry.find(Kind.SUBNET_GROUP, identifier.toLowerCase(Locale.ROOT));
    if (group == null) {
      throw Fault.notFound("Replication subnet group " + identifier + " not found.");
    }
    return group;
  }

  private ObjectNode create(Input input) {
    String name = input.required("ReplicationSubnetGroupIdentifier").toLowerCase(Locale.ROOT);
    if (!name.matches("[a-z0-9._ -]{1,255}") || name.equals("default")) {
      throw Fault.invalidValue(
          "ReplicationSubnetGroupIdentifier must have up to 255 letters, digits, periods, spaces,"
              + " underscores or hyphens, and not be 'default'.");
    }
    String arn = account.arn(Kind.SUBNET_GROUP, name);
    if (registry.find(Kind.SUBNET_GROUP, name) != null) {
      throw Fault.alreadyExists("Replication subnet group " + name + " already exists.", arn);
    }
    ObjectNode shown = Json.object();
    shown.put("ReplicationSubnetGroupIdentifier", name);
    shown.put("VpcId", "vpc-local");
    shown.put("SubnetGroupStatus", "Complete");
    shown.putArray("SupportedNetworkTypes").add("IPV4");
    copy(input, shown);
    ObjectNode kept = Json.object();
    kept.put("arn", arn);
    Tags.keep(input, kept);
    registry.create(Kind.SUBNET_GROUP, name, shown, kept);
    return answer(shown);
  }

  private void copy(Input input, ObjectNode shown) {
    String description = input.text("ReplicationSubnetGroupDescription");
    if (description != null) {
      shown.put("ReplicationSubnetGroupDescription", description);
    }
    List<String> ids = input.texts("SubnetIds");
    if (ids.isEmpty()) {
      throw Fault.invalidValue("The parameter SubnetIds must name a subnet.");
    }
    ArrayNode subnets = shown.putArray("Subnets");
    for (int i = 0; i < ids.size(); i++) {
      ObjectNode subnet = subnets.addObject();
      subnet.put("SubnetIdentifier", ids.get(i));
      subnet
          .putObject("SubnetAvailabilityZone")
          .put("Name", account.region() + (char) ('a' + i % 3));
      subnet.put("SubnetStatus", "Active");
    }
  }

  private ObjectNode modify(Input input) {
    Resource group = require(registry, input.required("ReplicationSubnetGroupIdentifier"));
    Resource changed = registry.update(Kind.SUBNET_GROUP, group.key(), r -> copy(input, r.shown()));
    return answer(changed == null ? group.shown() : changed.shown());
  }

  private ObjectNode delete(Input input) {
    Resource group = require(registry, input.required("ReplicationSubnetGroupIdentifier"));
    boolean used =
        registry.all(Kind.INSTANCE).stream()
            .anyMatch(
                instance ->
                    instance
                        .shown()
                        .path("ReplicationSubnetGroup")
                        .path("ReplicationSubnetGroupIdentifier")
                        .asText()
                        .equals(group.key()));
    if (used) {
      throw Fault.invalidState(
          "Replication subnet group " + group.key() + " is used by a replication instance.");
    }
    registry.remove(Kind.SUBNET_GROUP, group.key());
    return Json.object();
  }

  private ObjectNode describe(Input input) {
    return new Listing<Resource>(input, r -> Listing.order(r.sequence()))
        .filter("replication-subnet-group-id", Resource::key)
        .orNotFound("Replication Subnet Group")
        .answer("ReplicationSubnetGroups", registry.all(Kind.SUBNET_GROUP), Resource::shown);
  }

  private static ObjectNode answer(ObjectNode shown) {
    ObjectNode answer = Json.object();
    answer.set("ReplicationSubnetGroup", shown);
    return answer;
  }
}
