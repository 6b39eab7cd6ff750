package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.config.KinesisUrl;
import io.dynapipe.dms.DmsSettings;
import io.dynapipe.error.PipelineException;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.engine.TaskPlan;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import io.dynapipe.source.postgres.PostgresSettings;
import io.dynapipe.task.MigrationType;
import io.dynapipe.task.TaskDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes runnable plans of tasks and serverless replications. Thread-safe. */
final class Plans {

  private final Registry registry;
  private final EndpointAccess access;

  Plans(Registry registry, EndpointAccess access) {
    this.registry = registry;
    this.access = access;
  }

  /** The resource part of a task's ARN; names its state, and its log. */
  static String id(Resource task) {
    return Account.resourceId(task.key());
  }

  /** What people call it. */
  static String label(Resource task) {
    return task.kind() == Kind.TASK
        ? task.text("ReplicationTaskIdentifier")
        : task.text("ReplicationConfigIdentifier");
  }

  static MigrationType migrationType(Resource task) {
    return migrationType(task.text(task.kind() == Kind.TASK ? "MigrationType" : "ReplicationType"));
  }

  /**
   * The type of this word.
   *
   * @throws Fault when there is none
   */
  static MigrationType migrationType(String word) {
    for (MigrationType type : MigrationType.values()) {
      if (type.toString().equals(word)) {
        return type;
      }
    }
    throw Fault.invalidValue("Invalid migration type '" + word + "'.");
  }

  /**
   * The plan of a task.
   *
   * @throws Fault when what it needs is gone
   * @throws io.dynapipe.error.PipelineException when what it needs cannot be used
   */
  TaskPlan plan(Resource task) {
    Resource source = Endpoints.require(registry, task.text("SourceEndpointArn"));
    Resource target = Endpoints.require(registry, task.text("TargetEndpointArn"));
    TaskSettings settings = settings(task);
    TableMappings mappings = TableMappings.parse(task.text("TableMappings"));
    KinesisUrl kinesis = access.kinesis(target);
    TaskDefinition definition =
        TaskDefinition.of(id(task), migrationType(task), mappings)
            .withSettings(settings)
            .withMessages(EndpointAccess.messages(target))
            .withSource(sourceSettings(source, migrationType(task)))
            .withWindow(CdcPositions.window(task.kept()))
            .withSeveralShards(kinesis != null);
    if (kinesis == null) {
      requireReadable(definition);
    }
    return new TaskPlan(
        label(task),
        access.database(source),
        access.stream(target),
        kinesis,
        definition,
        logGroup(registry, task),
        logStream(task),
        settings.logging(),
        notes(source, migrationType(task), settings));
  }

  /**
   * The stream of this service that a task writes to; null when it is one at Amazon Kinesis.
   *
   * @throws Fault when the target endpoint is gone
   */
  @Nullable String embeddedStream(Resource task) {
    Resource target = Endpoints.require(registry, task.text("TargetEndpointArn"));
    return access.kinesis(target) == null ? access.stream(target) : null;
  }

  /** What the endpoint's PostgreSQLSettings say; no preference is pgoutput here. */
  private static PostgresSettings sourceSettings(Resource source, MigrationType type) {
    JsonNode given = source.shown().path("PostgreSQLSettings");
    PostgresSettings settings = PostgresSettings.DEFAULTS;
    if (given.path("PluginName").asText().equals("pglogical")) {
      settings = settings.withPlugin(PostgresSettings.Plugin.PGLOGICAL);
    }
    if (!type.loads() && !CdcPositions.slot(source).isEmpty()) {
      settings = settings.withSlot(CdcPositions.slot(source));
    }
    return given.path("HeartbeatFrequency").isInt()
        ? settings.withHeartbeat(Duration.ofMinutes(given.path("HeartbeatFrequency").intValue()))
        : settings;
  }

  /** The service applies its streams whoever writes them, and finds old keys by DMS's own name. */
  private static void requireReadable(TaskDefinition definition) {
    if (!definition.dms().beforeImageField().equals(DmsSettings.BEFORE_IMAGE)) {
      throw PipelineException.input(
          "BeforeImageSettings.FieldName is '"
              + definition.dms().beforeImageField()
              + "', but this service looks for old keys in '"
              + DmsSettings.BEFORE_IMAGE
              + "'",
          "Set FieldName to " + DmsSettings.BEFORE_IMAGE + ".");
    }
  }

  /** The settings as the task keeps them, complete. */
  static TaskSettings settings(Resource task) {
    return TaskSettings.defaults()
        .merge(
            task.text(
                task.kind() == Kind.TASK ? "ReplicationTaskSettings" : "ReplicationSettings"));
  }

  /**
   * Settings as a new resource keeps them: completed by defaults.
   *
   * @param json null for the defaults alone
   * @throws io.dynapipe.error.PipelineException (input) that names every problem
   */
  static String completed(@Nullable String json) {
    return (json == null || json.isBlank() ? TaskSettings.defaults() : TaskSettings.parse(json))
        .toJson();
  }

  /** DMS's name: by instance, or by serverless configuration. */
  static String logGroup(Registry registry, Resource task) {
    if (task.kind() == Kind.CONFIG) {
      return "dms-serverless-replication-" + label(task);
    }
    Resource instance = registry.find(Kind.INSTANCE, task.text("ReplicationInstanceArn"));
    return "dms-tasks-"
        + (instance == null ? "unknown" : instance.text("ReplicationInstanceIdentifier"));
  }

  static String logStream(Resource task) {
    return task.kind() == Kind.CONFIG
        ? "dms-serverless-serv-res-id-" + id(task)
        : "dms-task-" + id(task);
  }

  private static List<String> notes(Resource source, MigrationType type, TaskSettings settings) {
    List<String> notes = new ArrayList<>(settings.warnings());
    if (type.loads() && !CdcPositions.slot(source).isEmpty()) {
      notes.add(
          "The endpoint setting SlotName has no effect on this task: a load needs the snapshot of a"
              + " new slot.");
    }
    for (String member : List.of("HeartbeatSchema", "AfterConnectScript")) {
      if (source.shown().path("PostgreSQLSettings").hasNonNull(member)) {
        notes.add("The endpoint setting " + member + " has no effect in this service.");
      }
    }
    if (!source.text("ExtraConnectionAttributes").isEmpty()) {
      notes.add("ExtraConnectionAttributes have no effect in this service.");
    }
    return notes;
  }
}
