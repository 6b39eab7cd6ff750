package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.source.postgres.PostgresSettings;
import io.dynapipe.source.postgres.PostgresSettings.Plugin;
import io.dynapipe.source.postgres.SourceDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes through pglogical's output plugin, from Debian's server. */
class PgLogicalIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path state;
  private DebianServer server;
  private SourceDatabase source;
  private Replication replication;

  @BeforeEach
  void create() throws Exception {
    server = new DebianServer();
    source = SourceDatabase.of(server.url());
    replication = new Replication(state, source);
    replication.with(
        TaskDefinition.of(
                "TEST", MigrationType.FULL_LOAD_AND_CDC, TableMappings.ofPatterns(List.of()))
            .withSource(PostgresSettings.DEFAULTS.withPlugin(Plugin.PGLOGICAL)));
  }

  @AfterEach
  void close() throws Exception {
    if (server != null) {
      replication.close();
      server.close();
    }
  }

  private void catchUp() throws Exception {
    Lsn now = Lsn.parse(source.query("SELECT pg_logical_emit_message(true, 'test', '')").get(0));
    assertThat(replication.pipeline().pipeline().awaitApplied(now, LIMIT)).isTrue();
  }

  @Test
  void loadAndChangesEndInTheTarget() throws Exception {
    source.run(
        "CREATE EXTENSION pglogical",
        "CREATE TABLE foo (id int PRIMARY KEY, n numeric, at timestamptz, large text,"
            + " g int GENERATED ALWAYS AS (id * 2) STORED, j jsonb)",
        "ALTER TABLE foo ALTER large SET STORAGE EXTERNAL",
        "CREATE TABLE bar (a int, v text)",
        "INSERT INTO foo (id, n, at, large, j) SELECT i, i / 3.0, '2020-01-01', repeat('x', 4000),"
            + " '{\"a\": 1}' FROM generate_series(1, 100) i",
        "INSERT INTO bar VALUES (1, 'x')");
    replication.start();
    catchUp();
    source.run(
        "INSERT INTO foo (id, n, j) VALUES (101, 'NaN', NULL)",
        "UPDATE foo SET n = -1 WHERE id <= 10",
        "UPDATE foo SET id = 500 WHERE id = 20",
        "DELETE FROM foo WHERE id = 30",
        "BEGIN; INSERT INTO foo (id) VALUES (999); ROLLBACK",
        "INSERT INTO bar VALUES (2, 'ÿ')",
        "ALTER TABLE foo ADD added text",
        "UPDATE foo SET added = 'yes' WHERE id = 1");
    catchUp();
    assertSame("foo", "to_jsonb(t) - 'g' - 'added' - 'at'", "data - 'added' - 'at'");
    assertThat(replication.target().query("SELECT data->>'added' FROM foo WHERE data->>'id' = '1'"))
        .containsExactly("yes");
    assertSame("bar", "to_jsonb(t)", "data");
    assertThat(
            replication
                .target()
                .query("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'pglog%'"))
        .containsExactly("0");
  }

  private void assertSame(String table, String sourceRow, String targetRow) throws Exception {
    assertThat(
            replication
                .target()
                .query("SELECT (" + targetRow + ")::text FROM " + table + " ORDER BY 1"))
        .isEqualTo(
            source.query("SELECT (" + sourceRow + ")::text FROM " + table + " t ORDER BY 1"));
  }

  @Test
  void truncateAndRestart() throws Exception {
    source.run(
        "CREATE EXTENSION pglogical",
        "CREATE TABLE foo (id int PRIMARY KEY, v text)",
        "INSERT INTO foo VALUES (1, 'a')");
    replication.start();
    catchUp();
    source.run("TRUNCATE foo", "INSERT INTO foo VALUES (2, 'b')");
    catchUp();
    replication.stop();
    source.run("INSERT INTO foo VALUES (3, 'c')", "DELETE FROM foo WHERE id = 2");
    replication.start();
    catchUp();
    replication.assertEqual("foo");
  }

  @Test
  void missingExtensionIsNamedWithTheWayToInstallIt() throws Exception {
    source.run("CREATE TABLE foo (id int PRIMARY KEY)");
    replication.start();
    assertThatThrownBy(() -> catchUp())
        .hasMessageContaining("no extension pglogical")
        .satisfies(
            e ->
                assertThat(((PipelineException) e).cure())
                    .contains("CREATE EXTENSION pglogical", "pgoutput"));
  }
}
