package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.logs.LogStore;
import io.dynapipe.service.logs.LogStream;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import java.time.Instant;
import java.util.List;

/** What tasks show: state, table statistics, logs. */
final class TaskViews {

  private final Registry registry;
  private final TaskEngine engine;
  private final Statistics statistics;
  private final LogStore logs;

  TaskViews(Registry registry, TaskEngine engine, Statistics statistics, LogStore logs) {
    this.registry = registry;
    this.engine = engine;
    this.statistics = statistics;
    this.logs = logs;
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "DescribeTableStatistics",
            "Tells what was captured and applied of each table, and how far its load is.",
            InputShape.of("ReplicationTaskArn!", Listing.INPUT),
            this::tables),
        Operation.of(
            "ReloadTables",
            "Loads up to ten tables of a running task again, when a load that runs has ended; their"
                + " changes wait meanwhile.",
            InputShape.of(
                "ReplicationTaskArn! TablesToReload!:objects",
                "ReloadOption:data-reload|validate-only"),
            this::reload),
        Operation.of(
            "DescribeReplicationInstanceTaskLogs",
            "Tells how large the logs of an instance's tasks are.",
            InputShape.of("ReplicationInstanceArn! MaxRecords:integer Marker"),
            this::taskLogs));
  }

  private ObjectNode tables(Input input) {
    Resource task = Tasks.require(registry, input.required("ReplicationTaskArn"));
    ObjectNode answer = statistics.tables(input, "TableStatistics", task);
    answer.put("ReplicationTaskArn", task.key());
    return answer;
  }

  private ObjectNode reload(Input input) {
    Resource task = Tasks.require(registry, input.required("ReplicationTaskArn"));
    statistics.reload(input, task);
    return Json.object().put("ReplicationTaskArn", task.key());
  }

  private ObjectNode taskLogs(Input input) {
    Resource instance = Instances.require(registry, input.required("ReplicationInstanceArn"));
    List<Resource> tasks =
        registry.all(Kind.TASK).stream()
            .filter(task -> task.text("ReplicationInstanceArn").equals(instance.key()))
            .toList();
    ObjectNode answer =
        new Listing<Resource>(input, r -> Listing.order(r.sequence()))
            .answer("ReplicationInstanceTaskLogs", tasks, this::taskLog);
    answer.put("ReplicationInstanceArn", instance.key());
    return answer;
  }

  private ObjectNode taskLog(Resource task) {
    ObjectNode shown = Json.object();
    shown.put("ReplicationTaskName", Plans.label(task));
    shown.put("ReplicationTaskArn", task.key());
    shown.put(
        "ReplicationInstanceTaskLogSize",
        logs.streams(Plans.logGroup(registry, task)).stream()
            .filter(stream -> stream.name().equals(Plans.logStream(task)))
            .mapToLong(LogStream::storedBytes)
            .sum());
    return shown;
  }

  /** A task as DescribeReplicationTasks shows it. */
  ObjectNode show(Resource task) {
    ObjectNode shown = task.shown().deepCopy();
    shown.put("Status", RunState.status(task));
    copy(task, "failure", shown, "LastFailureMessage");
    copy(task, "stopReason", shown, "StopReason");
    time(shown, "ReplicationTaskCreationDate", RunState.millis(task, "createMillis"));
    time(shown, "ReplicationTaskStartDate", RunState.millis(task, "startMillis"));
    checkpoint(task, shown);
    shown.set("ReplicationTaskStats", statistics.summary(task));
    return shown;
  }

  /** A serverless replication as DescribeReplications shows it. */
  ObjectNode showReplication(Resource config) {
    ObjectNode shown = Json.object();
    for (String member :
        List.of(
            "ReplicationConfigIdentifier",
            "ReplicationConfigArn",
            "SourceEndpointArn",
            "TargetEndpointArn",
            "ReplicationType")) {
      shown.put(member, config.text(member));
    }
    String status = RunState.status(config);
    shown.put(
        "Status",
        status.equals(RunState.READY)
            ? "created"
            : status.equals(RunState.STARTING) ? "initializing" : status);
    copy(config, "stopReason", shown, "StopReason");
    ArrayNode failures = shown.putArray("FailureMessages");
    if (!config.keptText("failure").isEmpty()) {
      failures.add(config.keptText("failure"));
    }
    copy(config, "startType", shown, "StartReplicationType");
    time(shown, "ReplicationCreateTime", RunState.millis(config, "createMillis"));
    time(
        shown,
        "ReplicationUpdateTime",
        Math.max(
            RunState.millis(config, "createMillis"),
            Math.max(
                RunState.millis(config, "startMillis"), RunState.millis(config, "stopMillis"))));
    time(shown, "ReplicationLastStopTime", RunState.millis(config, "stopMillis"));
    checkpoint(config, shown);
    shown.set("ReplicationStats", statistics.summary(config));
    if (RunState.hasRun(config)) {
      ObjectNode provision = shown.putObject("ProvisionData");
      provision.put("ProvisionState", "provisioned");
      provision.put(
          "ProvisionedCapacityUnits",
          config.shown().path("ComputeConfig").path("MaxCapacityUnits").asInt(1));
      time(provision, "DateProvisioned", RunState.millis(config, "startMillis"));
      provision.put("IsNewProvisioningAvailable", false);
    }
    return shown;
  }

  private void checkpoint(Resource task, ObjectNode shown) {
    String position = engine.position(Plans.id(task));
    if (!position.isEmpty()) {
      shown.put("RecoveryCheckpoint", "checkpoint:V1#0#" + position + "#0#0#*#0#0");
    }
    CdcPositions.show(task, shown);
  }

  private static void copy(Resource from, String kept, ObjectNode shown, String member) {
    if (!from.keptText(kept).isEmpty()) {
      shown.put(member, from.keptText(kept));
    }
  }

  private static void time(ObjectNode shown, String member, long millis) {
    if (millis > 0) {
      shown.set(member, Json.seconds(Instant.ofEpochMilli(millis)));
    }
  }

  /**
   * Finds a serverless configuration.
   *
   * @throws Fault when there is none of this ARN
   */
  static Resource requireConfig(Registry registry, String arn) {
    Resource config = registry.find(Kind.CONFIG, arn);
    if (config == null) {
      throw Fault.notFound("Replication config " + arn + " not found.");
    }
    return config;
  }
}
