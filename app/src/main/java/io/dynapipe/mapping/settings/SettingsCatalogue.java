package io.dynapipe.mapping.settings;

import static io.dynapipe.mapping.settings.Setting.bool;
import static io.dynapipe.mapping.settings.Setting.choice;
import static io.dynapipe.mapping.settings.Setting.integer;
import static io.dynapipe.mapping.settings.Setting.text;
import static io.dynapipe.mapping.settings.SettingsSection.absent;
import static io.dynapipe.mapping.settings.SettingsSection.always;
import static io.dynapipe.mapping.settings.SettingsSection.nullable;

import java.util.List;

/**
 * Every member of the task settings that DMS knows, in the order in which it writes them.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.html">Specifying
 *     task settings</a>
 */
final class SettingsCatalogue {

  private static final long MANY = Integer.MAX_VALUE;
  private static final int MAX_LOB_KIB = 102_400;

  private static final List<String> RECORD_POLICIES =
      List.of("IGNORE_RECORD", "LOG_ERROR", "SUSPEND_TABLE", "STOP_TASK");
  private static final List<String> TABLE_POLICIES = List.of("SUSPEND_TABLE", "STOP_TASK");

  private static final String WHOLE_VALUES = "large values always come whole, in pieces of no size";
  private static final String OTHER_TARGETS = "it is for targets that load files or SQL";
  private static final String WRITERS =
      "the stream's writer works in parallel by itself, and a row's key is its partition key";
  private static final String BOUNDED =
      "memory is bounded in bytes from the source to the target, whatever a transaction's size";
  private static final String BATCHES = "the sink always applies batches, compacted per key";
  private static final String KEYED =
      "rows are written by key, so that a replay changes nothing: there are no such conflicts";
  private static final String VALIDATION = "`dynapipe verify` compares source and target";
  private static final String TIME_TRAVEL = "there are no Time Travel logs";

  static final SettingsSection TARGET_METADATA =
      always(
          "TargetMetadata",
          text("TargetSchema", "", "The schema of all tables at the target; empty: their own."),
          bool("SupportLobs", true, "False leaves out the columns of large objects."),
          bool("FullLobMode", false, WHOLE_VALUES).withoutEffect(),
          integer("LobChunkSize", 64, 0, MANY, WHOLE_VALUES).withoutEffect(),
          bool("LimitedSizeLobMode", true, WHOLE_VALUES).withoutEffect(),
          integer("LobMaxSize", 32, 0, MAX_LOB_KIB, "nothing is cut").withoutEffect(),
          integer("InlineLobMaxSize", 0, 0, MAX_LOB_KIB, WHOLE_VALUES).withoutEffect(),
          integer("LoadMaxFileSize", 0, 0, MANY, OTHER_TARGETS).withoutEffect(),
          integer("ParallelLoadThreads", 0, 0, 32, WRITERS).withoutEffect(),
          integer("ParallelLoadBufferSize", 0, 0, 1_000, "memory is bounded in bytes instead")
              .withoutEffect(),
          integer("ParallelLoadQueuesPerThread", 0, 0, 512, "queues are made as needed")
              .withoutEffect(),
          integer("ParallelApplyThreads", 0, 0, 32, WRITERS).withoutEffect(),
          integer("ParallelApplyBufferSize", 0, 0, 1_000, "memory is bounded in bytes instead")
              .withoutEffect(),
          integer("ParallelApplyQueuesPerThread", 0, 0, 512, "queues are made as needed")
              .withoutEffect(),
          bool("BatchApplyEnabled", false, BATCHES).withoutEffect(),
          bool("TaskRecoveryTableEnabled", false, "the task's state keeps its checkpoint")
              .withoutEffect());

  static final SettingsSection FULL_LOAD =
      always(
          "FullLoadSettings",
          choice(
              "TargetTablePrepMode",
              "DO_NOTHING",
              List.of("DO_NOTHING", "DROP_AND_CREATE", "TRUNCATE_BEFORE_LOAD"),
              "What becomes of a table at the target before it is loaded."),
          bool("CreatePkAfterFullLoad", false, "keys are made with their table").withoutEffect(),
          bool(
              "StopTaskCachedChangesApplied",
              false,
              "Stops the task when the load and the changes made meanwhile are done."),
          bool("StopTaskCachedChangesNotApplied", false, "Stops the task when the load is done."),
          integer("MaxFullLoadSubTasks", 8, 1, 49, "Readers of the full load."),
          integer(
                  "TransactionConsistencyTimeout",
                  600,
                  0,
                  MANY,
                  "the load reads an exported snapshot, which waits for no transaction")
              .withoutEffect(),
          integer("CommitRate", 10_000, 1, 50_000, "Rows that are handed over together."));

  static final SettingsSection LOGGING =
      always(
          "Logging",
          bool("EnableLogging", true, "Whether the task writes log lines."),
          bool("EnableLogContext", false, "lines tell their table anyway").withoutEffect());

  static final SettingsSection CONTROL_TABLES =
      always(
          "ControlTablesSettings",
          text("ControlSchema", "", "on a stream, these tables have no schema").withoutEffect(),
          integer(
              "HistoryTimeslotInMinutes", 5, 1, 1_440, "Minutes between two rows of the history."),
          bool("HistoryTableEnabled", false, "Sends rows of `awsdms_history`."),
          bool("SuspendedTablesTableEnabled", false, "Sends rows of `awsdms_suspended_tables`."),
          bool(
              "StatusTableEnabled",
              false,
              "Sends rows of `awsdms_status`, one a minute and one at each turn."),
          bool(
              "FullLoadExceptionTableEnabled",
              false,
              "Sends rows of `awsdms_full_load_exceptions`."),
          bool("CommitPositionTableEnabled", false, "it is for targets that are SQL databases")
              .withoutEffect());

  static final SettingsSection STREAM_BUFFERS =
      always(
          "StreamBufferSettings",
          integer("StreamBufferCount", 3, 1, MANY, BOUNDED).withoutEffect(),
          integer("StreamBufferSizeInMB", 8, 1, MANY, BOUNDED).withoutEffect(),
          integer("CtrlStreamBufferSizeInMB", 5, 1, 8, "table changes travel with the rows")
              .withoutEffect());

  static final SettingsSection DDL_POLICY =
      always(
          "ChangeProcessingDdlHandlingPolicy",
          bool("HandleSourceTableDropped", true, "Passes on that a table was dropped."),
          bool("HandleSourceTableTruncated", true, "Passes on that a table was truncated."),
          bool("HandleSourceTableAltered", true, "Passes on that a table was altered."));

  static final SettingsSection ERRORS =
      always(
          "ErrorBehavior",
          choice(
              "DataErrorPolicy",
              "LOG_ERROR",
              RECORD_POLICIES,
              "What a record that cannot be applied stops. The first two set it aside in the"
                  + " quarantine, and go on."),
          choice("DataTruncationErrorPolicy", "LOG_ERROR", RECORD_POLICIES, "nothing is cut")
              .withoutEffect(),
          choice("DataMaskingErrorPolicy", "STOP_TASK", RECORD_POLICIES, maskingEffect())
              .withoutEffect(),
          choice(
              "DataErrorEscalationPolicy",
              "SUSPEND_TABLE",
              TABLE_POLICIES,
              "What too many such records of a table stop."),
          integer("DataErrorEscalationCount", 0, 0, MANY, "How many are too many; 0: none are."),
          choice(
                  "EventErrorPolicy",
                  "IGNORE",
                  List.of("IGNORE", "STOP_TASK"),
                  "task events go nowhere but into the service's own state")
              .withoutEffect(),
          choice(
              "TableErrorPolicy", "SUSPEND_TABLE", TABLE_POLICIES, "What a table's error stops."),
          choice(
              "TableErrorEscalationPolicy",
              "STOP_TASK",
              List.of("STOP_TASK"),
              "What too many suspended tables stop."),
          integer("TableErrorEscalationCount", 0, 0, MANY, "How many are too many; 0: none are."),
          integer(
              "RecoverableErrorCount",
              -1,
              -1,
              MANY,
              "How often a task tries again after trouble that may pass; -1: always."),
          integer("RecoverableErrorInterval", 5, 0, MANY, "Seconds to the first new try."),
          bool("RecoverableErrorThrottling", true, "Doubles the wait from try to try."),
          integer("RecoverableErrorThrottlingMax", 1_800, 0, MANY, "The longest wait in seconds."),
          bool(
              "RecoverableErrorStopRetryAfterThrottlingMax",
              true,
              "Gives up when the longest wait was in vain."),
          choice("ApplyErrorDeletePolicy", "IGNORE_RECORD", RECORD_POLICIES, KEYED).withoutEffect(),
          choice(
                  "ApplyErrorInsertPolicy",
                  "LOG_ERROR",
                  List.of(
                      "IGNORE_RECORD", "LOG_ERROR", "SUSPEND_TABLE", "STOP_TASK", "INSERT_RECORD"),
                  KEYED)
              .withoutEffect(),
          choice(
                  "ApplyErrorUpdatePolicy",
                  "LOG_ERROR",
                  List.of(
                      "IGNORE_RECORD", "LOG_ERROR", "SUSPEND_TABLE", "STOP_TASK", "UPDATE_RECORD"),
                  KEYED)
              .withoutEffect(),
          choice(
                  "ApplyErrorEscalationPolicy",
                  "LOG_ERROR",
                  List.of("LOG_ERROR", "SUSPEND_TABLE", "STOP_TASK"),
                  KEYED)
              .withoutEffect(),
          integer("ApplyErrorEscalationCount", 0, 0, MANY, KEYED).withoutEffect(),
          bool("ApplyErrorFailOnTruncationDdl", false, "Stops the task at a TRUNCATE in CDC."),
          bool("FullLoadIgnoreConflicts", true, KEYED).withoutEffect(),
          bool("FailOnTransactionConsistencyBreached", false, "it is for Oracle").withoutEffect(),
          bool("FailOnNoTablesCaptured", true, "Fails a start whose mappings select no table."));

  static final SettingsSection TUNING =
      always(
          "ChangeProcessingTuning",
          bool("BatchApplyPreserveTransaction", true, "it is for Oracle targets").withoutEffect(),
          integer("BatchApplyTimeoutMin", 1, 0, MANY, BATCHES).withoutEffect(),
          integer("BatchApplyTimeoutMax", 30, 0, MANY, BATCHES).withoutEffect(),
          integer("BatchApplyMemoryLimit", 500, 0, MANY, BATCHES).withoutEffect(),
          integer("BatchSplitSize", 0, 0, MANY, BATCHES).withoutEffect(),
          integer("MinTransactionSize", 1_000, 0, MANY, "events go out as they come")
              .withoutEffect(),
          integer("CommitTimeout", 1, 0, MANY, "events go out as they come").withoutEffect(),
          integer("MemoryLimitTotal", 1_024, 1, MANY, transactionMemory()).withoutEffect(),
          integer("MemoryKeepTime", 60, 0, MANY, transactionMemory()).withoutEffect(),
          integer("StatementCacheSize", 50, 0, 200, OTHER_TARGETS).withoutEffect());

  static final SettingsSection BEFORE_IMAGE =
      nullable(
          "BeforeImageSettings",
          bool("EnableBeforeImage", false, "Whether updates tell old values."),
          text("FieldName", "", "The member that holds them."),
          choice(
              "ColumnFilter",
              "pk-only",
              List.of("pk-only", "non-lob", "all"),
              "Of which columns. More than the key needs `REPLICA IDENTITY FULL`."));

  static final SettingsSection VALIDATION_SETTINGS =
      absent(
          "ValidationSettings",
          bool("EnableValidation", false, VALIDATION).withoutEffect(),
          choice("ValidationMode", "ROW_LEVEL", List.of("ROW_LEVEL", "GROUP_LEVEL"), VALIDATION)
              .withoutEffect(),
          integer("ThreadCount", 5, 1, MANY, VALIDATION).withoutEffect(),
          integer("PartitionSize", 10_000, 1, MANY, VALIDATION).withoutEffect(),
          integer("FailureMaxCount", 10_000, 0, MANY, VALIDATION).withoutEffect(),
          integer("TableFailureMaxCount", 1_000, 0, MANY, VALIDATION).withoutEffect(),
          integer("RecordFailureDelayInMinutes", 5, 0, MANY, VALIDATION).withoutEffect(),
          integer("RecordFailureDelayLimitInMinutes", 0, 0, MANY, VALIDATION).withoutEffect(),
          integer("RecordSuspendDelayInMinutes", 30, 0, MANY, VALIDATION).withoutEffect(),
          integer("MaxKeyColumnSize", 8_096, 0, MANY, VALIDATION).withoutEffect(),
          bool("HandleCollationDiff", false, VALIDATION).withoutEffect(),
          bool("SkipLobColumns", false, VALIDATION).withoutEffect(),
          bool("ValidationOnly", false, "`true` is refused: " + VALIDATION).withoutEffect(),
          integer("ValidationPartialLobSize", 0, 0, MANY, VALIDATION).withoutEffect(),
          integer("ValidationQueryCdcDelaySeconds", 0, 0, MANY, VALIDATION).withoutEffect());

  static final SettingsSection TIME_TRAVEL_SETTINGS =
      absent("TTSettings", bool("EnableTT", false, TIME_TRAVEL).withoutEffect());

  static final SettingsSection TIME_TRAVEL_S3 =
      nullable(
          "TTS3Settings",
          choice("EncryptionMode", "SSE_S3", List.of("SSE_S3", "SSE_KMS"), TIME_TRAVEL)
              .withoutEffect(),
          text("ServerSideEncryptionKmsKeyId", "", TIME_TRAVEL).withoutEffect(),
          text("ServiceAccessRoleArn", "", TIME_TRAVEL).withoutEffect(),
          text("BucketName", "", TIME_TRAVEL).withoutEffect(),
          text("BucketFolder", "", TIME_TRAVEL).withoutEffect(),
          bool("EnableDeletingFromS3OnTaskDelete", false, TIME_TRAVEL).withoutEffect());

  static final SettingsSection TIME_TRAVEL_RECORDS =
      nullable(
          "TTRecordSettings",
          bool("EnableRawData", false, TIME_TRAVEL).withoutEffect(),
          choice("RawDataFormat", "TEXT", List.of("TEXT", "HEX"), TIME_TRAVEL).withoutEffect(),
          text("OperationsToLog", "ALL", TIME_TRAVEL).withoutEffect(),
          integer("MaxRecordSize", 64, 0, MANY, TIME_TRAVEL).withoutEffect());

  static final SettingsSection LOOPBACK =
      nullable(
          "LoopbackPreventionSettings",
          bool("EnableLoopbackPrevention", false, "CrateDB is a target only").withoutEffect(),
          text("SourceSchema", "", "CrateDB is a target only").withoutEffect(),
          text("TargetSchema", "", "CrateDB is a target only").withoutEffect());

  /** All whose members are directly in the document. */
  static final List<SettingsSection> SECTIONS =
      List.of(
          TARGET_METADATA,
          FULL_LOAD,
          TIME_TRAVEL_SETTINGS,
          LOGGING,
          CONTROL_TABLES,
          STREAM_BUFFERS,
          DDL_POLICY,
          ERRORS,
          TUNING,
          VALIDATION_SETTINGS,
          LOOPBACK,
          BEFORE_IMAGE);

  private SettingsCatalogue() {}

  private static String maskingEffect() {
    return "a mask that does not fit its column is an error before the table starts";
  }

  private static String transactionMemory() {
    return "PostgreSQL keeps open transactions (logical_decoding_work_mem), not the task";
  }
}
