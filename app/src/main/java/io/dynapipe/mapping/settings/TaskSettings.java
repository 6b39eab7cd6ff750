package io.dynapipe.mapping.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.dms.PartitionRule;
import io.dynapipe.mapping.transform.BeforeImageColumns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a task, complete with defaults. Immutable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.html">Specifying
 *     task settings</a>
 */
public final class TaskSettings {

  private static final long BYTES_PER_MB = 1 << 20;

  private final ObjectNode settings;

  private TaskSettings(ObjectNode settings) {
    this.settings = settings;
  }

  /** The settings of a task that sets none. */
  public static TaskSettings defaults() {
    return new TaskSettings(SettingsReader.defaults());
  }

  /**
   * The settings of a new task: what the document does not tell has its default.
   *
   * @throws io.dynapipe.error.PipelineException (input) that names every problem, unknown members
   *     among them
   */
  public static TaskSettings parse(String json) {
    return new TaskSettings(SettingsReader.read(SettingsReader.defaults(), json, true));
  }

  /**
   * These settings with those that a document tells, as ModifyReplicationTask does: a member that
   * is missing or null stays, {@code null} for a whole optional section takes it away.
   *
   * @throws io.dynapipe.error.PipelineException (input) that names every problem
   */
  public TaskSettings merge(String json) {
    return new TaskSettings(SettingsReader.read(settings, json, false));
  }

  /** The same with the log group and stream that the service has given the task. */
  public TaskSettings withLogStream(String group, String stream) {
    ObjectNode copy = settings.deepCopy();
    ((ObjectNode) copy.path("Logging"))
        .put(SettingsReader.LOG_GROUP, group)
        .put(SettingsReader.LOG_STREAM, stream);
    return new TaskSettings(copy);
  }

  /** All of them as one JSON document, as DescribeReplicationTasks returns it. */
  public String toJson() {
    return settings.toString();
  }

  public TargetMetadata targetMetadata() {
    JsonNode section = settings.path("TargetMetadata");
    return new TargetMetadata(
        section.path("TargetSchema").asText(),
        section.path("SupportLobs").asBoolean(),
        section.path("ParallelLoadThreads").asInt(),
        section.path("ParallelApplyThreads").asInt());
  }

  public FullLoadSettings fullLoad() {
    JsonNode section = settings.path("FullLoadSettings");
    return new FullLoadSettings(
        TargetTablePrepMode.valueOf(section.path("TargetTablePrepMode").asText()),
        section.path("StopTaskCachedChangesNotApplied").asBoolean(),
        section.path("StopTaskCachedChangesApplied").asBoolean(),
        section.path("MaxFullLoadSubTasks").asInt(),
        section.path("CommitRate").asInt());
  }

  public LoggingSettings logging() {
    JsonNode section = settings.path("Logging");
    Map<String, LogSeverity> components = new LinkedHashMap<>();
    for (JsonNode component : section.path("LogComponents")) {
      String word = component.path("Severity").asText();
      components.put(
          component.path("Id").asText(),
          LogSeverity.valueOf(word.substring("LOGGER_SEVERITY_".length())));
    }
    return new LoggingSettings(
        section.path("EnableLogging").asBoolean(),
        section.path("EnableLogContext").asBoolean(),
        components);
  }

  public ControlTablesSettings controlTables() {
    JsonNode section = settings.path("ControlTablesSettings");
    return new ControlTablesSettings(
        section.path("ControlSchema").asText(),
        Duration.ofMinutes(section.path("HistoryTimeslotInMinutes").asLong()),
        section.path("HistoryTableEnabled").asBoolean(),
        section.path("SuspendedTablesTableEnabled").asBoolean(),
        section.path("StatusTableEnabled").asBoolean(),
        section.path("FullLoadExceptionTableEnabled").asBoolean());
  }

  /** How many bytes of events a task may hold: buffers times their size. */
  public long bufferBytes() {
    JsonNode section = settings.path("StreamBufferSettings");
    return section.path("StreamBufferCount").asLong()
        * section.path("StreamBufferSizeInMB").asLong()
        * BYTES_PER_MB;
  }

  public DdlPolicy ddlPolicy() {
    JsonNode section = settings.path("ChangeProcessingDdlHandlingPolicy");
    return new DdlPolicy(
        section.path("HandleSourceTableDropped").asBoolean(),
        section.path("HandleSourceTableTruncated").asBoolean(),
        section.path("HandleSourceTableAltered").asBoolean());
  }

  public ErrorSettings errors() {
    JsonNode section = settings.path("ErrorBehavior");
    return new ErrorSettings(
        policy(section, "DataErrorPolicy"),
        policy(section, "DataErrorEscalationPolicy"),
        section.path("DataErrorEscalationCount").asInt(),
        policy(section, "TableErrorPolicy"),
        section.path("TableErrorEscalationCount").asInt(),
        new RecoverySettings(
            section.path("RecoverableErrorCount").asInt(),
            Duration.ofSeconds(section.path("RecoverableErrorInterval").asLong()),
            section.path("RecoverableErrorThrottling").asBoolean(),
            Duration.ofSeconds(section.path("RecoverableErrorThrottlingMax").asLong()),
            section.path("RecoverableErrorStopRetryAfterThrottlingMax").asBoolean()),
        section.path("ApplyErrorFailOnTruncationDdl").asBoolean(),
        section.path("FailOnNoTablesCaptured").asBoolean());
  }

  private static ErrorPolicy policy(JsonNode section, String name) {
    return ErrorPolicy.valueOf(section.path(name).asText());
  }

  /** Null when updates are to tell no more of the old row than a changed key. */
  public @Nullable BeforeImageSettings beforeImage() {
    JsonNode section = settings.path("BeforeImageSettings");
    if (!section.path("EnableBeforeImage").asBoolean(false)) {
      return null;
    }
    return new BeforeImageSettings(
        section.path("FieldName").asText(),
        switch (section.path("ColumnFilter").asText()) {
          case "all" -> BeforeImageColumns.ALL;
          case "non-lob" -> BeforeImageColumns.NON_LOB;
          default -> BeforeImageColumns.CHANGED_KEY;
        });
  }

  /**
   * By what the changes of a table are spread over the stream when no object mapping says: DMS's
   * default is the table, with ParallelApplyThreads the primary key. Loaded rows go by their key.
   */
  public PartitionRule changePartitioning() {
    return targetMetadata().parallelApplyThreads() > 0
        ? PartitionRule.PRIMARY_KEY
        : PartitionRule.SCHEMA_TABLE;
  }

  /** Settings that differ from their default although they have no effect, each with the reason. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (SettingsSection section : SettingsCatalogue.SECTIONS) {
      JsonNode values = settings.path(section.name());
      for (Setting setting : section.settings()) {
        JsonNode value = values.path(setting.name());
        boolean told = !setting.honoured() && !value.isMissingNode();
        if (told && !value.asText().equals(setting.standard().asText())) {
          warnings.add(
              section.name() + "." + setting.name() + " has no effect: " + setting.effect());
        }
      }
    }
    if (settings.path(SettingsReader.CHARACTER_SETS).isObject()) {
      warnings.add(
          SettingsReader.CHARACTER_SETS
              + " has no effect: DMS does not offer it for streams; values come unchanged");
    }
    return warnings;
  }
}
