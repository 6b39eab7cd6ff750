package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.PostgresUrl;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables {@code awsdms_*}, through the stream to the target. */
class ControlRowsIT {

  private static final String ALL =
      "{\"ControlTablesSettings\": {\"StatusTableEnabled\": true, \"HistoryTableEnabled\": true,"
          + " \"SuspendedTablesTableEnabled\": true, \"FullLoadExceptionTableEnabled\": true}}";

  @TempDir private Path state;
  private Replication replication;

  @BeforeEach
  void create() throws Exception {
    replication = new Replication(state);
    replication
        .source()
        .run(
            "CREATE TABLE foo (id int PRIMARY KEY)",
            "INSERT INTO foo VALUES (1)",
            "CREATE TABLE broken (id int PRIMARY KEY, v text)",
            "INSERT INTO broken VALUES (1, 'v')");
  }

  @AfterEach
  void close() throws Exception {
    replication.close();
  }

  private List<String> target(String sql) throws Exception {
    return replication.target().query(sql);
  }

  @Test
  void tellHowTheTaskGoesOn() throws Exception {
    replication.withSettings(ALL).start();
    replication.catchUp();
    assertThat(
            target(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'dms' ORDER"
                    + " BY 1"))
        .containsExactly(
            "awsdms_apply_exceptions",
            "awsdms_full_load_exceptions",
            "awsdms_history",
            "awsdms_status",
            "awsdms_suspended_tables");
    assertThat(
            target(
                "SELECT data->>'task_name', data->>'task_status', data->>'status_time' ~"
                    + " '^20[0-9-]+T[0-9:]+Z$', data->>'source_current_position' ~ '/' FROM"
                    + " dms.awsdms_status"))
        .containsExactly("TEST|CHANGE PROCESSING|t|t");
    assertThat(target("SELECT data->>'timeslot_type' FROM dms.awsdms_history ORDER BY 1"))
        .containsExactly("CHANGE PROCESSING", "FULL LOAD");
    assertThat(target("SELECT * FROM dms.awsdms_suspended_tables")).isEmpty();
    replication.assertEqual("foo", "broken");

    replication.stop();
    replication.start();
    replication.catchUp();
    assertThat(target("SELECT data->>'task_status' FROM dms.awsdms_status"))
        .containsExactly("CHANGE PROCESSING");
  }

  @Test
  void tellOfATableThatCannotBeLoadedAndOfItsReturn() throws Exception {
    String role = replication.source().name() + "_reader";
    replication
        .source()
        .run(
            "CREATE ROLE " + role + " LOGIN REPLICATION",
            "GRANT CREATE ON DATABASE " + replication.source().name() + " TO " + role,
            "ALTER TABLE foo OWNER TO " + role,
            "ALTER TABLE broken OWNER TO " + role,
            "REVOKE SELECT ON broken FROM " + role);
    try {
      replication.withSettings(ALL).through(as(role)).start();
      replication.catchUp();
      assertThat(
              target(
                  "SELECT data->>'table_owner', data->>'table_name', data->>'suspend_reason' FROM"
                      + " dms.awsdms_suspended_tables"))
          .containsExactly("public|broken|Table error");
      assertThat(
              target(
                  "SELECT data->>'TABLE_NAME', data->>'ERROR' LIKE '%permission denied%' FROM"
                      + " dms.awsdms_full_load_exceptions"))
          .containsExactly("broken|t");

      replication.stop();
      replication.source().run("GRANT SELECT ON broken TO " + role);
      replication.start();
      replication.catchUp();
      replication.assertEqual("foo", "broken");
      assertThat(target("SELECT * FROM dms.awsdms_suspended_tables")).isEmpty();
    } finally {
      replication.stop();
      replication.source().run("REASSIGN OWNED BY " + role + " TO postgres");
      replication.source().run("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  private PostgresUrl as(String role) {
    PostgresUrl url = replication.source().url();
    return new PostgresUrl(url.hosts(), url.database(), role, null, url.properties());
  }

  @Test
  void areNotThereUnlessTheyAreAskedFor() throws Exception {
    replication.start();
    replication.catchUp();
    assertThat(
            target("SELECT table_name FROM information_schema.tables WHERE table_schema = 'dms'"))
        .isEmpty();
  }
}
