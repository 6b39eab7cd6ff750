package io.dynapipe.mapping.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynapipe.dms.PartitionRule;
import io.dynapipe.error.PipelineException;
import io.dynapipe.mapping.transform.BeforeImageColumns;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TaskSettingsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void areCompleteWithDefaultsInDmsOrder() throws IOException {
    try (InputStream file = getClass().getResourceAsStream("/task-settings/defaults.json")) {
      JsonNode expected = JSON.readTree(file);

      assertThat(JSON.readTree(TaskSettings.parse("{}").toJson()).toPrettyString())
          .isEqualTo(expected.toPrettyString());
      assertThat(TaskSettings.defaults().toJson()).isEqualTo(TaskSettings.parse("{}").toJson());
    }
  }

  @Test
  void tellTheirDefaultsTyped() {
    TaskSettings settings = TaskSettings.defaults();

    assertThat(settings.targetMetadata()).isEqualTo(new TargetMetadata("", true, 0, 0));
    assertThat(settings.fullLoad())
        .isEqualTo(new FullLoadSettings(TargetTablePrepMode.DO_NOTHING, false, false, 8, 10_000));
    assertThat(settings.logging().components())
        .hasSize(19)
        .containsEntry("SOURCE_CAPTURE", LogSeverity.DEFAULT);
    assertThat(settings.controlTables())
        .isEqualTo(
            new ControlTablesSettings("", Duration.ofMinutes(5), false, false, false, false));
    assertThat(settings.bufferBytes()).isEqualTo(24 * 1024 * 1024);
    assertThat(settings.ddlPolicy()).isEqualTo(new DdlPolicy(true, true, true));
    assertThat(settings.errors())
        .isEqualTo(
            new ErrorSettings(
                ErrorPolicy.LOG_ERROR,
                ErrorPolicy.SUSPEND_TABLE,
                0,
                ErrorPolicy.SUSPEND_TABLE,
                0,
                new RecoverySettings(
                    -1, Duration.ofSeconds(5), true, Duration.ofSeconds(1800), true),
                false,
                true));
    assertThat(settings.beforeImage()).isNull();
    assertThat(settings.changePartitioning()).isEqualTo(PartitionRule.SCHEMA_TABLE);
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void takeWhatADocumentTells() {
    TaskSettings settings =
        TaskSettings.parse(
            """
            {"TargetMetadata": {"ParallelApplyThreads": "4", "SupportLobs": "true",
               "FullLobMode": true, "LobChunkSize": 64},
             "FullLoadSettings": {"TargetTablePrepMode": "TRUNCATE_BEFORE_LOAD",
               "StopTaskCachedChangesNotApplied": true, "MaxFullLoadSubTasks": 2},
             "BeforeImageSettings": {"EnableBeforeImage": true, "FieldName": "before-image",
               "ColumnFilter": "non-lob"},
             "Logging": {"LogComponents": [
               {"Id": "SOURCE_UNLOAD", "Severity": "LOGGER_SEVERITY_DEBUG"}]},
             "ErrorBehavior": {"DataErrorPolicy": "STOP_TASK", "RecoverableErrorCount": 0}}
            """);

    assertThat(settings.fullLoad().prepMode()).isEqualTo(TargetTablePrepMode.TRUNCATE_BEFORE_LOAD);
    assertThat(settings.fullLoad().stopBeforeCachedChanges()).isTrue();
    assertThat(settings.beforeImage())
        .isEqualTo(new BeforeImageSettings("before-image", BeforeImageColumns.NON_LOB));
    assertThat(settings.logging().components())
        .containsEntry("SOURCE_UNLOAD", LogSeverity.DEBUG)
        .containsEntry("SOURCE_CAPTURE", LogSeverity.DEFAULT);
    assertThat(settings.errors().data()).isEqualTo(ErrorPolicy.STOP_TASK);
    assertThat(settings.errors().recovery().attempts()).isZero();
    assertThat(settings.changePartitioning()).isEqualTo(PartitionRule.PRIMARY_KEY);
    assertThat(settings.toJson()).contains("\"FullLobMode\":true", "\"LimitedSizeLobMode\":false");
    assertThat(settings.warnings())
        .containsExactly(
            "TargetMetadata.FullLobMode has no effect: large values always come whole, in pieces of"
                + " no size",
            "TargetMetadata.LimitedSizeLobMode has no effect: large values always come whole, in"
                + " pieces of no size",
            "TargetMetadata.ParallelApplyThreads has no effect: the stream's writer works in"
                + " parallel by itself, and a row's key is its partition key");
  }

  @Test
  void areTheSameWhenTheirOwnDocumentIsReadAgain() {
    TaskSettings settings =
        TaskSettings.parse(
            """
            {"TTSettings": {"EnableTT": false,
               "TTS3Settings": {"BucketName": "b"}, "TTRecordSettings": {"MaxRecordSize": 32}},
             "ValidationSettings": {"EnableValidation": false, "ThreadCount": 7},
             "CharacterSetSettings": {
               "CharacterReplacements": [
                 {"SourceCharacterCodePoint": 35, "TargetCharacterCodePoint": 52}],
               "CharacterSetSupport": {"CharacterSet": "UTF8",
                 "ReplaceWithCharacterCodePoint": 0}},
             "LoopbackPreventionSettings": {"EnableLoopbackPrevention": true,
               "SourceSchema": "a", "TargetSchema": "b"},
             "FailTaskWhenCleanTaskResourceFailed": true}
            """);

    assertThat(TaskSettings.parse(settings.toJson()).toJson()).isEqualTo(settings.toJson());
    assertThat(settings.merge(settings.toJson()).toJson()).isEqualTo(settings.toJson());
    assertThat(settings.merge("{}").toJson()).isEqualTo(settings.toJson());
  }

  @Test
  void mergeMemberByMember() {
    TaskSettings settings =
        TaskSettings.parse(
                """
                {"FullLoadSettings": {"MaxFullLoadSubTasks": 3, "CommitRate": 100},
                 "Logging": {"LogComponents": [
                   {"Id": "IO", "Severity": "LOGGER_SEVERITY_DEBUG"}]},
                 "BeforeImageSettings": {"EnableBeforeImage": true, "FieldName": "b"},
                 "TargetMetadata": {"FullLobMode": true}}
                """)
            .withLogStream("group", "stream")
            .merge(
                """
                {"FullLoadSettings": {"CommitRate": 200, "MaxFullLoadSubTasks": null},
                 "Logging": {"LogComponents": [
                   {"Id": "COMMON", "Severity": "LOGGER_SEVERITY_ERROR"}],
                   "CloudWatchLogGroup": "other", "CloudWatchLogStream": null},
                 "BeforeImageSettings": null,
                 "TargetMetadata": {"LimitedSizeLobMode": true}}
                """);

    assertThat(settings.fullLoad().subTasks()).isEqualTo(3);
    assertThat(settings.fullLoad().commitRate()).isEqualTo(200);
    assertThat(settings.logging().components())
        .containsEntry("IO", LogSeverity.DEBUG)
        .containsEntry("COMMON", LogSeverity.ERROR);
    assertThat(settings.beforeImage()).isNull();
    assertThat(settings.toJson())
        .contains("\"CloudWatchLogGroup\":\"group\"", "\"CloudWatchLogStream\":\"stream\"")
        .contains("\"FullLobMode\":false", "\"LimitedSizeLobMode\":true")
        .contains("\"BeforeImageSettings\":null");
  }

  @Test
  void nameEveryProblemAtOnce() {
    assertThatThrownBy(
            () ->
                TaskSettings.parse(
                    """
                    {"TargetMetadata": {"SupportLob": true, "LobMaxSize": 200000,
                       "FullLobMode": true, "LimitedSizeLobMode": true},
                     "FullLoadSettings": {"TargetTablePrepMode": "drop", "CommitRate": "many",
                       "StopTaskCachedChangesApplied": true,
                       "StopTaskCachedChangesNotApplied": true},
                     "Logging": {"EnableLogging": 1, "LogComponents": [
                       {"Id": "VALIDATOR", "Severity": "LOGGER_SEVERITY_DEFAULT"},
                       {"Id": "IO", "Severity": "LOUD", "Level": 1}],
                       "CloudWatchLogGroup": "x", "LogConfiguration": {}},
                     "BeforeImageSettings": {"EnableBeforeImage": true},
                     "PostProcessingRules": {}, "Extra": {},
                     "ErrorBehavior": [],
                     "ChangeProcessingTuning": {"BatchApplyTimeoutMin": 31},
                     "ValidationSettings": {"ValidationOnly": true}}
                    """))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> assertThat(e.kind()).isEqualTo(PipelineException.Kind.INPUT))
        .hasMessage(
            """
            The task settings have 18 problems:
            - TargetMetadata.LobMaxSize: must be from 0 to 102400, not 200000
            - TargetMetadata.SupportLob: is not a known member
            - FullLoadSettings.TargetTablePrepMode: 'drop' is not one of DO_NOTHING,\
             DROP_AND_CREATE, TRUNCATE_BEFORE_LOAD
            - FullLoadSettings.CommitRate: must be a whole number, not "many"
            - Logging.EnableLogging: must be true or false, not 1
            - Logging.LogComponents[0].Id: Unsupported keys were found: VALIDATOR
            - Logging.LogComponents[1].Severity: 'LOUD' is not one of LOGGER_SEVERITY_DEBUG,\
             LOGGER_SEVERITY_DEFAULT, LOGGER_SEVERITY_DETAILED_DEBUG, LOGGER_SEVERITY_ERROR,\
             LOGGER_SEVERITY_INFO, LOGGER_SEVERITY_WARNING
            - Logging.LogComponents[1].Level: is not a known member
            - Logging.LogConfiguration: Feature is not accessible
            - Logging: Task Settings CloudWatchLogGroup or CloudWatchLogStream cannot be set on\
             create.
            - ErrorBehavior: must be an object, not []
            - PostProcessingRules: must be null
            - Extra: is not a known member
            - TargetMetadata: FullLobMode and LimitedSizeLobMode exclude each other
            - FullLoadSettings: StopTaskCachedChangesApplied and StopTaskCachedChangesNotApplied\
             exclude each other
            - BeforeImageSettings.FieldName: must not be empty when EnableBeforeImage is true
            - ChangeProcessingTuning.BatchApplyTimeoutMin: must not exceed BatchApplyTimeoutMax
            - ValidationSettings.ValidationOnly: is not supported: rows would be moved, not compared;\
             use dynapipe verify\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"TargetMetadata\": {\"BatchApplyEnabled\": true}} | TargetMetadata.BatchApplyEnabled",
        "{\"ChangeProcessingTuning\": {\"CommitTimeout\": 2}} |"
            + " ChangeProcessingTuning.CommitTimeout",
        "{\"ValidationSettings\": {\"EnableValidation\": true}} | `dynapipe verify` compares",
        "{\"TTSettings\": {\"EnableTT\": true}} | there are no Time Travel logs",
        "{\"CharacterSetSettings\": {}} | DMS does not offer it for streams",
      })
  void warnOfWhatHasNoEffect(String json, String warning) {
    assertThat(TaskSettings.parse(json).warnings()).singleElement().asString().contains(warning);
  }
}
