package io.dynapipe.deploy;

import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.deploy.aws.AwsException;
import io.dynapipe.deploy.aws.AwsService;
import io.dynapipe.deploy.aws.Xml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CloudFormation's operations on one stack. */
final class Stacks {

  private static final AwsService CFN = AwsService.CLOUDFORMATION;

  /** CloudFormation's own words for a change set in which nothing changes. */
  private static final List<String> NO_CHANGES =
      List.of("didn't contain changes", "No updates are to be performed");

  private final AwsClient aws;
  private final String name;

  Stacks(AwsClient aws, String name) {
    this.aws = aws;
    this.name = name;
  }

  /**
   * A stack as it is.
   *
   * @param status CloudFormation's word, such as {@code UPDATE_COMPLETE}
   * @param reason why it is in that status, possibly empty
   */
  record Stack(
      String id,
      String status,
      String reason,
      Map<String, String> parameters,
      Map<String, String> outputs) {

    boolean isBusy() {
      return status.endsWith("_IN_PROGRESS") && !status.equals("REVIEW_IN_PROGRESS");
    }

    /** Made by a change set that was never carried out. */
    boolean isEmpty() {
      return status.equals("REVIEW_IN_PROGRESS");
    }
  }

  /** One step of a stack's change. */
  record Event(
      String id,
      String resource,
      String type,
      String physicalId,
      String status,
      String reason,
      String time) {

    boolean isFailure() {
      return status.endsWith("_FAILED");
    }
  }

  /** What a change set would do to a resource: {@code Add}, {@code Modify} or {@code Remove}. */
  record Change(String action, String resource, String type, String replacement) {

    @Override
    public String toString() {
      String mark =
          switch (action) {
            case "Add" -> "+";
            case "Remove" -> "-";
            default -> replacement.equals("True") ? "!" : "~";
          };
      String note = replacement.equals("True") ? "  (replaced: the old one is deleted)" : "";
      return mark + " " + resource + "  " + type + note;
    }
  }

  /**
   * A change set.
   *
   * @param changes of resources; none when only outputs change, too
   * @param nothing whether there is nothing to do, and so no change set
   */
  record ChangeSet(String id, List<Change> changes, boolean nothing) {}

  Optional<Stack> find() {
    return find(name);
  }

  /** By name, or by id: a deleted stack is found by its id only. */
  Optional<Stack> find(String nameOrId) {
    try {
      Xml stack =
          aws.query(CFN, "DescribeStacks", Map.of("StackName", nameOrId)).members("Stacks").get(0);
      return Optional.of(
          new Stack(
              stack.text("StackId"),
              stack.text("StackStatus"),
              stack.text("StackStatusReason"),
              pairs(stack.members("Parameters"), "ParameterKey", "ParameterValue"),
              pairs(stack.members("Outputs"), "OutputKey", "OutputValue")));
    } catch (AwsException e) {
      if (e.is("ValidationError") && String.valueOf(e.getMessage()).contains("does not exist")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Map<String, String> pairs(List<Xml> members, String key, String value) {
    Map<String, String> pairs = new LinkedHashMap<>();
    members.forEach(member -> pairs.put(member.text(key), member.text(value)));
    return pairs;
  }

  /**
   * Makes a change set and waits until it can be looked at.
   *
   * @param create whether the stack does not exist
   * @param id unique among the stack's change sets
   */
  ChangeSet prepare(boolean create, String id, Template template, Map<String, String> parameters) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("StackName", name);
    form.put("ChangeSetName", id);
    form.put("ChangeSetType", create ? "CREATE" : "UPDATE");
    form.put("TemplateBody", template.text());
    form.put("Capabilities.member.1", "CAPABILITY_NAMED_IAM");
    form.put("Tags.member.1.Key", "dynapipe:stack");
    form.put("Tags.member.1.Value", name);
    int number = 1;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      String prefix = "Parameters.member." + number++;
      form.put(prefix + ".ParameterKey", parameter.getKey());
      form.put(prefix + ".ParameterValue", parameter.getValue());
    }
    try {
      aws.query(CFN, "CreateChangeSet", form);
    } catch (AwsException e) {
      if (isNothing(String.valueOf(e.getMessage()))) {
        return new ChangeSet(id, List.of(), true);
      }
      throw e;
    }
    return new Waiting("the change set").until(() -> look(id));
  }

  private Optional<ChangeSet> look(String id) {
    List<Change> changes = new ArrayList<>();
    String token = "";
    do {
      Map<String, String> form = new LinkedHashMap<>();
      form.put("StackName", name);
      form.put("ChangeSetName", id);
      if (!token.isEmpty()) {
        form.put("NextToken", token);
      }
      Xml set = aws.query(CFN, "DescribeChangeSet", form);
      String reason = set.text("StatusReason");
      if (set.text("Status").equals("FAILED")) {
        discard(id);
        if (isNothing(reason)) {
          return Optional.of(new ChangeSet(id, List.of(), true));
        }
        throw Explanations.ofRefusal(reason);
      }
      if (!set.text("Status").equals("CREATE_COMPLETE")) {
        return Optional.empty();
      }
      for (Xml member : set.members("Changes")) {
        Xml change = member.at("ResourceChange");
        changes.add(
            new Change(
                change.text("Action"),
                change.text("LogicalResourceId"),
                change.text("ResourceType"),
                change.text("Replacement")));
      }
      token = set.text("NextToken");
    } while (!token.isEmpty());
    return Optional.of(new ChangeSet(id, List.copyOf(changes), false));
  }

  private static boolean isNothing(String reason) {
    return NO_CHANGES.stream().anyMatch(reason::contains);
  }

  void discard(String changeSet) {
    aws.query(CFN, "DeleteChangeSet", Map.of("StackName", name, "ChangeSetName", changeSet));
  }

  void execute(String changeSet) {
    aws.query(CFN, "ExecuteChangeSet", Map.of("StackName", name, "ChangeSetName", changeSet));
  }

  void delete(String id) {
    aws.query(CFN, "DeleteStack", Map.of("StackName", id));
  }

  /** Goes on with a roll-back that stopped, past these resources. */
  void continueRollback(List<String> skipped) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("StackName", name);
    for (int i = 0; i < skipped.size(); i++) {
      form.put("ResourcesToSkip.member." + (i + 1), skipped.get(i));
    }
    aws.query(CFN, "ContinueUpdateRollback", form);
  }

  /** The template that the stack was made with. */
  Template template() {
    return Template.parse(
        aws.query(CFN, "GetTemplate", Map.of("StackName", name)).text("TemplateBody"));
  }

  /** All that happened so far, the latest first. */
  List<Event> events(String id) {
    List<Event> events = new ArrayList<>();
    String token = "";
    do {
      Map<String, String> form = new LinkedHashMap<>();
      form.put("StackName", id);
      if (!token.isEmpty()) {
        form.put("NextToken", token);
      }
      Xml page = aws.query(CFN, "DescribeStackEvents", form);
      for (Xml event : page.members("StackEvents")) {
        events.add(
            new Event(
                event.text("EventId"),
                event.text("LogicalResourceId"),
                event.text("ResourceType"),
                event.text("PhysicalResourceId"),
                event.text("ResourceStatus"),
                event.text("ResourceStatusReason"),
                event.text("Timestamp")));
      }
      token = page.text("NextToken");
    } while (!token.isEmpty());
    return events;
  }
}
