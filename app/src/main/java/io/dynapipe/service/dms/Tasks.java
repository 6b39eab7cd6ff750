package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import io.dynapipe.task.StartType;
import java.time.Clock;
import java.util.List;

/** Replication tasks. */
final class Tasks {

  private static final int MAX_NAME = 255;
  private static final String MIGRATION = "full-load|cdc|full-load-and-cdc";

  private final Registry registry;
  private final Account account;
  private final TaskLife life;
  private final TaskViews views;
  private final Connections connections;
  private final Events events;
  private final Clock clock;

  Tasks(
      Registry registry,
      Account account,
      TaskLife life,
      TaskViews views,
      Connections connections,
      Events events,
      Clock clock) {
    this.registry = registry;
    this.account = account;
    this.life = life;
    this.views = views;
    this.connections = connections;
    this.events = events;
    this.clock = clock;
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "CreateReplicationTask",
            "Makes a task. Table mappings and settings are checked at once, and settings completed"
                + " with DMS's defaults.",
            InputShape.of(
                "ReplicationTaskIdentifier! SourceEndpointArn! TargetEndpointArn!",
                "ReplicationInstanceArn! MigrationType!:" + MIGRATION + " TableMappings!",
                "ReplicationTaskSettings Tags:objects TaskData ResourceIdentifier",
                CdcPositions.INPUT),
            this::create),
        Operation.of(
            "ModifyReplicationTask",
            "Changes a task that does not run.",
            InputShape.of(
                "ReplicationTaskArn! ReplicationTaskIdentifier MigrationType:" + MIGRATION,
                "TableMappings ReplicationTaskSettings TaskData",
                CdcPositions.INPUT),
            this::modify),
        Operation.of(
            "DeleteReplicationTask",
            "Deletes a task that does not run, with its slot and publication at the source.",
            InputShape.of("ReplicationTaskArn!"),
            input -> answer(life.delete(task(input)))),
        Operation.of(
            "StartReplicationTask",
            "Starts a task: start-replication, resume-processing or reload-target. Both endpoints"
                + " need a successful test.",
            InputShape.of(
                "ReplicationTaskArn!",
                "StartReplicationTaskType!:start-replication|resume-processing|reload-target",
                CdcPositions.INPUT),
            this::start),
        Operation.of(
            "StopReplicationTask",
            "Stops a running task. Its slot stays, so that it can resume.",
            InputShape.of("ReplicationTaskArn!"),
            input -> answer(life.stop(task(input)))),
        Operation.of(
            "DescribeReplicationTasks",
            "Lists tasks with state and progress.",
            InputShape.of(Listing.INPUT, "WithoutSettings:boolean"),
            this::describe),
        Operation.of(
            "MoveReplicationTask",
            "Refuses: all instances are this process.",
            InputShape.of("ReplicationTaskArn! TargetReplicationInstanceArn!"),
            this::move));
  }

  private Resource task(Input input) {
    return require(registry, input.required("ReplicationTaskArn"));
  }

  static Resource require(Registry registry, String arn) {
    Resource task = registry.find(Kind.TASK, arn);
    if (task == null) {
      throw Fault.notFound("Replication task " + arn + " not found.");
    }
    return task;
  }

  private ObjectNode create(Input input) {
    String name = Identifiers.name(input, "ReplicationTaskIdentifier", MAX_NAME);
    String arn = account.arn(Kind.TASK, Identifiers.resourceId(input));
    requireFree(name, arn);
    requireEndpoint(input.required("SourceEndpointArn"), "source");
    requireEndpoint(input.required("TargetEndpointArn"), "target");
    var unused = Instances.require(registry, input.required("ReplicationInstanceArn"));
    ObjectNode shown = Json.object();
    shown.put("ReplicationTaskIdentifier", name);
    for (String member :
        List.of("SourceEndpointArn", "TargetEndpointArn", "ReplicationInstanceArn")) {
      shown.put(member, input.required(member));
    }
    shown.put("ReplicationTaskArn", arn);
    fill(input, shown);
    if (!shown.has("ReplicationTaskSettings")) {
      shown.put("ReplicationTaskSettings", Plans.completed(null));
    }
    ObjectNode kept = Json.object();
    Tags.keep(input, kept);
    CdcPositions.keep(input, Plans.migrationType(shown.path("MigrationType").asText()), kept);
    RunState.created(kept, clock.millis());
    Resource task = registry.create(Kind.TASK, arn, shown, kept);
    events.record(Events.Source.TASK, name, "creation", "Replication task created");
    ObjectNode answer = answer(task);
    answer.withObject("/ReplicationTask").put("Status", RunState.CREATING);
    return answer;
  }

  private void requireFree(String name, String arn) {
    Resource same =
        registry.find(
            Kind.TASK,
            r -> r.key().equals(arn) || r.text("ReplicationTaskIdentifier").equals(name));
    if (same != null) {
      throw Fault.alreadyExists("Replication task " + name + " already exists.", same.key());
    }
  }

  private void requireEndpoint(String arn, String type) {
    if (!Endpoints.require(registry, arn).text("EndpointType").equals(type)) {
      throw Fault.invalidCombination("Endpoint " + arn + " is not a " + type + " endpoint.");
    }
  }

  private static void fill(Input input, ObjectNode shown) {
    String mappings = input.text("TableMappings");
    if (mappings != null) {
      var unused = TableMappings.parse(mappings);
      shown.put("TableMappings", mappings);
    }
    String settings = input.text("ReplicationTaskSettings");
    if (settings != null) {
      shown.put("ReplicationTaskSettings", Plans.completed(settings));
    }
    for (String member : List.of("MigrationType", "TaskData")) {
      String text = input.text(member);
      if (text != null) {
        shown.put(member, text);
      }
    }
  }

  private ObjectNode modify(Input input) {
    Resource task = task(input);
    String name =
        input.has("ReplicationTaskIdentifier")
            ? Identifiers.name(input, "ReplicationTaskIdentifier", MAX_NAME)
            : Plans.label(task);
    if (!name.equals(Plans.label(task))) {
      requireFree(name, "");
    }
    Resource changed =
        life.modify(
            task,
            r -> {
              fill(input, r.shown());
              r.shown().put("ReplicationTaskIdentifier", name);
              CdcPositions.keep(input, Plans.migrationType(r), r.kept());
            });
    ObjectNode answer = answer(changed);
    answer.withObject("/ReplicationTask").put("Status", RunState.MODIFYING);
    return answer;
  }

  private ObjectNode start(Input input) {
    StartType type = startType(input.required("StartReplicationTaskType"));
    return answer(
        life.start(
            task(input),
            type,
            task -> {
              requireTested(task);
              CdcPositions.keepForStart(
                  input,
                  type == StartType.RESUME_PROCESSING,
                  Plans.migrationType(task),
                  Endpoints.require(registry, task.text("SourceEndpointArn")),
                  task.kept());
            }));
  }

  static StartType startType(String word) {
    for (StartType type : StartType.values()) {
      if (type.toString().equals(word)) {
        return type;
      }
    }
    throw Fault.invalidValue(
        "Invalid start type '"
            + word
            + "'. Valid values: start-replication, resume-processing, reload-target.");
  }

  private void requireTested(Resource task) {
    String instance = task.text("ReplicationInstanceArn");
    for (String member : List.of("SourceEndpointArn", "TargetEndpointArn")) {
      if (!connections.isTested(instance, task.text(member))) {
        throw Fault.invalidState(
            "Test connection for replication instance and endpoint should be successful for"
                + " starting the replication task. Replication instance "
                + instance
                + ", endpoint "
                + task.text(member)
                + ".");
      }
    }
  }

  private ObjectNode move(Input input) {
    Resource task = task(input);
    var unused = Instances.require(registry, input.required("TargetReplicationInstanceArn"));
    throw Fault.invalidState(
        "Replication task "
            + Plans.label(task)
            + " cannot be moved: all instances of this service are one process.");
  }

  private ObjectNode describe(Input input) {
    boolean withSettings = !input.bool("WithoutSettings", false);
    return new Listing<Resource>(input, r -> Listing.order(r.sequence()))
        .filter("replication-task-arn", Resource::key)
        .filter("replication-task-id", Plans::label)
        .filter("migration-type", r -> r.text("MigrationType"))
        .filterAny(
            "endpoint-arn", r -> List.of(r.text("SourceEndpointArn"), r.text("TargetEndpointArn")))
        .filter("replication-instance-arn", r -> r.text("ReplicationInstanceArn"))
        .orNotFound("Replication Task")
        .answer(
            "ReplicationTasks",
            registry.all(Kind.TASK),
            task -> {
              ObjectNode shown = views.show(task);
              if (!withSettings) {
                shown.remove("ReplicationTaskSettings");
              }
              return shown;
            });
  }

  private ObjectNode answer(Resource task) {
    ObjectNode answer = Json.object();
    answer.set("ReplicationTask", views.show(task));
    return answer;
  }
}
