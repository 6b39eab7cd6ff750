package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.mapping.TableMappings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task does with its settings, from source to target. */
class TaskSettingsIT {

  @TempDir private Path state;
  private Replication replication;

  @BeforeEach
  void create() throws Exception {
    replication = new Replication(state);
    replication
        .source()
        .run(
            "CREATE TABLE foo (id int PRIMARY KEY, n int, v text)",
            "INSERT INTO foo SELECT i, i * 10, 'v' || i FROM generate_series(1, 10) i");
  }

  @AfterEach
  void close() throws Exception {
    replication.close();
  }

  @Test
  void targetSchemaTakesAllTables() throws Exception {
    replication.withSettings("{\"TargetMetadata\": {\"TargetSchema\": \"copy\"}}").start();
    replication.catchUp();
    assertThat(replication.target().query("SELECT count(*) FROM copy.foo")).containsExactly("10");
  }

  @Test
  void largeObjectsCanBeLeftOut() throws Exception {
    replication.withSettings("{\"TargetMetadata\": {\"SupportLobs\": false}}").start();
    replication.source().run("UPDATE foo SET n = 1 WHERE id = 1");
    replication.catchUp();
    assertThat(replication.targetRows("foo"))
        .hasSize(10)
        .contains("{\"n\": 1, \"id\": 1}", "{\"n\": 20, \"id\": 2}");
  }

  @Test
  void stopsWhenTheLoadIsDoneAndGoesOnWithTheChanges() throws Exception {
    String stop = "{\"FullLoadSettings\": {\"StopTaskCachedChangesNotApplied\": true}}";
    replication.withSettings(stop).start();
    assertThat(replication.awaitEnd()).isEqualTo(CaptureEnd.STOPPED_AFTER_FULL_LOAD);
    replication.stop();
    replication.source().run("DELETE FROM foo WHERE id = 1");
    replication.start();
    replication.catchUp();
    replication.assertEqual("foo");
  }

  @Test
  void stopsWhenTheChangesMadeMeanwhileAreDone() throws Exception {
    String stop = "{\"FullLoadSettings\": {\"StopTaskCachedChangesApplied\": true}}";
    replication.withSettings(stop).start();
    assertThat(replication.awaitEnd()).isEqualTo(CaptureEnd.STOPPED_AFTER_CACHED_EVENTS);
    replication.assertEqual("foo");
  }

  @Test
  void leavesOutTheTableChangesThatArePolicy() throws Exception {
    replication
        .withSettings(
            "{\"ChangeProcessingDdlHandlingPolicy\": {\"HandleSourceTableTruncated\": false}}")
        .start();
    replication.catchUp();
    replication.source().run("TRUNCATE foo", "INSERT INTO foo VALUES (11, 0, 'new')");
    replication.catchUp();
    assertThat(replication.targetRows("foo")).hasSize(11);
  }

  @Test
  void stopsAtATruncateWhenToldTo() throws Exception {
    replication
        .withSettings("{\"ErrorBehavior\": {\"ApplyErrorFailOnTruncationDdl\": true}}")
        .start();
    replication.catchUp();
    replication.source().run("TRUNCATE foo");
    assertThatThrownBy(() -> replication.catchUp()).hasMessageContaining("foo was truncated");
  }

  @Test
  void beginsWithoutATableWhenThatIsNoFailure() throws Exception {
    String none = "{\"ErrorBehavior\": {\"FailOnNoTablesCaptured\": false}}";
    replication
        .with(
            TaskDefinition.of(
                "TEST",
                MigrationType.FULL_LOAD_AND_CDC,
                TableMappings.ofPatterns(List.of("public.bar%"))))
        .withSettings(none)
        .start();
    replication.catchUp();
    assertThat(replication.pipeline().statistics().tables()).isEmpty();
  }

  @Test
  void beforeImagesTellTheWholeOldRow() throws Exception {
    replication.source().run("ALTER TABLE foo REPLICA IDENTITY FULL");
    String all =
        "{\"BeforeImageSettings\": {\"EnableBeforeImage\": true, \"FieldName\": \"old\","
            + " \"ColumnFilter\": \"all\"}}";
    replication.withSettings(all).start();
    replication.catchUp();
    replication.source().run("UPDATE foo SET id = 100 WHERE id = 1", "UPDATE foo SET n = 7");
    replication.catchUp();
    replication.assertEqual("foo");
  }

  @Test
  void stopsBeforeTheFirstTransactionThatIsTooLate() throws Exception {
    String time =
        replication
            .source()
            .query(
                "SELECT to_char((now() + interval '2 s') AT TIME ZONE 'UTC',"
                    + " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS')")
            .get(0);
    replication
        .with(replication.definition().withWindow(CdcWindow.parse(null, "commit_time:" + time)))
        .start();
    replication.source().run("INSERT INTO foo VALUES (11, 0, 'in time')");
    replication.source().run("SELECT pg_sleep(2.2)", "INSERT INTO foo VALUES (12, 0, 'late')");
    assertThat(replication.awaitEnd()).isEqualTo(CaptureEnd.STOPPED_AT_COMMIT_TIME);
    assertThat(replication.targetRows("foo")).hasSize(11);
    replication.stop();

    replication.with(replication.definition().withWindow(CdcWindow.OPEN)).start();
    replication.catchUp();
    replication.assertEqual("foo");
  }
}
