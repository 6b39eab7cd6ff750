package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.event.TableName;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bad table stops only that table, and is whole again when it was repaired. */
class SuspendedTableIT {

  @TempDir private Path state;
  private Replication replication;
  private String role;

  @BeforeEach
  void create() throws Exception {
    replication = new Replication(state);
    role = "owner_" + replication.source().name();
    replication
        .source()
        .run(
            "CREATE ROLE " + role + " LOGIN REPLICATION",
            "GRANT CREATE ON DATABASE " + replication.source().name() + " TO " + role,
            "CREATE TABLE good (id int PRIMARY KEY, v text)",
            "INSERT INTO good VALUES (1, 'a')",
            "CREATE TABLE secret (id int PRIMARY KEY, v text)",
            "INSERT INTO secret VALUES (1, 'a'), (2, 'b')",
            "ALTER TABLE good OWNER TO " + role,
            "ALTER TABLE secret OWNER TO " + role,
            "REVOKE SELECT ON secret FROM " + role);
  }

  @AfterEach
  void close() throws Exception {
    replication.stop();
    replication.source().run("REASSIGN OWNED BY " + role + " TO postgres", "DROP OWNED BY " + role);
    replication.source().run("DROP ROLE " + role);
    replication.close();
  }

  private Replication asOwner() {
    PostgresUrl url = replication.source().url();
    return replication.through(
        new PostgresUrl(url.hosts(), url.database(), role, null, url.properties()));
  }

  private @Nullable String suspended(String table) {
    for (TableStatistics counted : replication.pipeline().statistics().tables()) {
      if (counted.table().equals(new TableName("public", table))) {
        return counted.suspended();
      }
    }
    return null;
  }

  @Test
  void tableThatCannotBeLoadedIsLeftOutUntilItCan() throws Exception {
    asOwner().start();
    replication.source().run("INSERT INTO good VALUES (2, 'b')", "DELETE FROM secret WHERE id = 1");
    replication.catchUp();
    replication.assertEqual("good");
    assertThat(suspended("secret")).contains("permission denied", "GRANT");
    assertThat(suspended("good")).isNull();
    replication.stop();

    replication.source().run("GRANT SELECT ON secret TO " + role, "INSERT INTO secret VALUES (3)");
    replication.start();
    replication.catchUp();
    replication.assertEqual("good", "secret");
    assertThat(suspended("secret")).isNull();
  }

  @Test
  void tableErrorPolicyCanStopTheTask() throws Exception {
    asOwner().withSettings("{\"ErrorBehavior\": {\"TableErrorPolicy\": \"STOP_TASK\"}}").start();
    assertThatThrownBy(() -> replication.catchUp()).hasMessageContaining("permission denied");
  }

  @Test
  void tooManySuspendedTablesStopTheTask() throws Exception {
    asOwner().withSettings("{\"ErrorBehavior\": {\"TableErrorEscalationCount\": 1}}").start();
    assertThatThrownBy(() -> replication.catchUp())
        .hasMessageContaining("1 tables are suspended")
        .hasMessageContaining("permission denied");
  }

  @Test
  void changeThatTheRulesCannotDecideSuspendsItsTable() throws Exception {
    replication
        .source()
        .run(
            "CREATE TABLE filtered (id int PRIMARY KEY, n int, v text)",
            "ALTER TABLE filtered ALTER v SET STORAGE EXTERNAL",
            "INSERT INTO filtered SELECT i, i, repeat('x', 4000) FROM generate_series(1, 9) i");
    replication
        .withMappings(
            "{\"rules\": ["
                + selection("1", "good", "")
                + ", "
                + selection(
                    "2",
                    "filtered",
                    ", \"filters\": [{\"filter-type\": \"source\", \"column-name\": \"n\","
                        + " \"filter-conditions\": [{\"filter-operator\": \"gte\","
                        + " \"value\": \"5\"}]}]")
                + "]}")
        .start();
    replication.catchUp();
    replication.source().run("UPDATE filtered SET n = 8 WHERE id = 1", "DELETE FROM good");
    replication.catchUp();
    replication.assertEqual("good");
    assertThat(suspended("filtered")).contains("cannot decide", "REPLICA IDENTITY FULL");
    replication.stop();

    replication
        .source()
        .run("ALTER TABLE filtered REPLICA IDENTITY FULL", "DELETE FROM filtered WHERE id = 9");
    replication.start();
    replication.catchUp();
    replication.source().run("UPDATE filtered SET n = 6 WHERE id = 2");
    replication.catchUp();
    List<String> wanted =
        replication
            .source()
            .query("SELECT to_jsonb(t)::text FROM filtered t WHERE n >= 5 ORDER BY 1");
    assertThat(replication.targetRows("filtered")).isEqualTo(wanted);
  }

  private static String selection(String id, String table, String more) {
    return "{\"rule-type\": \"selection\", \"rule-id\": \""
        + id
        + "\", \"rule-name\": \""
        + id
        + "\", \"rule-action\": \"include\", \"object-locator\": {\"schema-name\": \"public\","
        + " \"table-name\": \""
        + table
        + "\"}"
        + more
        + "}";
  }

  @Test
  void recordsThatCannotBeAppliedCanStopTheTask() throws Exception {
    replication
        .target()
        .run(
            "CREATE TABLE good (pk jsonb PRIMARY KEY, data jsonb, aux jsonb,"
                + " CHECK (data->>'v' <> 'bad'))");
    replication.withSettings("{\"ErrorBehavior\": {\"DataErrorPolicy\": \"STOP_TASK\"}}").start();
    replication.catchUp();
    replication.source().run("INSERT INTO good VALUES (2, 'bad')");
    assertThatThrownBy(() -> replication.catchUp()).hasMessageContaining("could not be applied");
  }
}
