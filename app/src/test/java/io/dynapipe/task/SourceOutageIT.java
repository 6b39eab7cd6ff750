package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Lsn;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.source.postgres.SourceDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source that restarts, crashes or is out of reach, in the middle of a load and of changes: the
 * same process goes on, and nothing is lost. {@code -Ddynapipe.test.outage-seconds=60} makes the
 * outages as long as that.
 */
class SourceOutageIT {

  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("dynapipe.test.outage-seconds", 2));
  private static final Duration LIMIT = OUTAGE.plusSeconds(120);
  private static final String BIG =
      "INSERT INTO foo SELECT i, i, repeat('x', 100) FROM generate_series(%d, %d) i";

  @TempDir private Path folder;
  private RestartableServer server;
  private CutWire wire;
  private Replication replication;

  @BeforeEach
  void create() throws Exception {
    server = new RestartableServer(folder.resolve("data"), Map.of());
    wire = new CutWire(server.port());
    replication = new Replication(folder.resolve("state"), SourceDatabase.of(server.url()));
    replication.with(
        TaskDefinition.of(
            "TEST", MigrationType.FULL_LOAD_AND_CDC, TableMappings.ofPatterns(List.of())));
    sql(
        "CREATE TABLE foo (id int PRIMARY KEY, n int, v text)",
        "CREATE TABLE bar (id int, v text)",
        BIG.formatted(1, 30_000),
        "INSERT INTO bar SELECT i, 'b' || i FROM generate_series(1, 500) i");
  }

  @AfterEach
  void close() throws Exception {
    replication.stop();
    replication.target().close();
    wire.close();
    server.close();
  }

  private void sql(String... statements) throws SQLException {
    try (SourceDatabase source = SourceDatabase.of(server.url())) {
      source.run(statements);
    }
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      replication.pipeline().pipeline().throwFailure();
      assertThat(System.nanoTime()).as("time to wait for " + what).isLessThan(deadline);
      Thread.sleep(2);
    }
  }

  private long loads() {
    return replication.pipeline().statistics().capturedTotal().loads();
  }

  /** The target ends with just the source's rows. */
  private void assertNothingIsLost() throws Exception {
    try (SourceDatabase source = SourceDatabase.of(server.url())) {
      Lsn now = Lsn.parse(source.query("SELECT pg_logical_emit_message(true, 'test', '')").get(0));
      assertThat(replication.pipeline().pipeline().awaitApplied(now, LIMIT)).isTrue();
      for (String table : List.of("foo", "bar")) {
        List<String> wanted =
            source.query("SELECT to_jsonb(t)::text FROM " + table + " t ORDER BY 1");
        assertThat(replication.targetRows(table).equals(wanted))
            .as("target = source of " + table)
            .isTrue();
      }
    }
  }

  private void pause() throws InterruptedException {
    Thread.sleep(OUTAGE.toMillis());
  }

  @Test
  void restartWhileChangesCome() throws Exception {
    replication.start();
    await("the load", () -> loads() == 30_500);
    for (int restart = 1; restart <= 3; restart++) {
      sql("UPDATE foo SET n = -" + restart + " WHERE id <= 5000");
      server.stop();
      pause();
      server.start();
    }
    sql("DELETE FROM foo WHERE id > 29000", "INSERT INTO bar VALUES (501, 'new')");
    assertNothingIsLost();
  }

  @Test
  void crashWhileChangesCome() throws Exception {
    replication.start();
    await("the load", () -> loads() == 30_500);
    sql("UPDATE foo SET n = 0 WHERE id <= 5000", "INSERT INTO bar VALUES (501, 'before')");
    server.kill();
    pause();
    server.start();
    sql("INSERT INTO bar VALUES (502, 'after')");
    assertNothingIsLost();
  }

  @Test
  void crashInTheMiddleOfTheLoad() throws Exception {
    replication.start();
    await("the load's first rows", () -> loads() > 1_000);
    server.kill();
    pause();
    server.start();
    sql("UPDATE foo SET n = -n WHERE id % 3 = 0", "INSERT INTO bar VALUES (501, 'new')");
    assertNothingIsLost();
  }

  @Test
  void sourceThatIsOutOfReachForAWhile() throws Exception {
    replication.through(RestartableServer.url(wire.port())).start();
    await("the load's first rows", () -> loads() > 1_000);
    wire.cut();
    sql("UPDATE foo SET n = 7 WHERE id < 100");
    pause();
    wire.mend();
    await("the load", () -> loads() >= 30_500);
    wire.cut();
    sql("UPDATE foo SET n = 8 WHERE id < 100", "INSERT INTO bar VALUES (501, 'new')");
    pause();
    wire.mend();
    assertNothingIsLost();
  }

  @Test
  void connectionThatDiedWithoutAWord() throws Exception {
    replication.through(RestartableServer.url(wire.port())).start();
    await("the load", () -> loads() == 30_500);
    sql("INSERT INTO bar VALUES (501, 'before')");
    wire.silence();
    sql("INSERT INTO bar VALUES (502, 'meanwhile')");
    // The server gives the connection up, which nobody tells us.
    await("the server to notice", () -> activePid() == null);
    wire.mend();
    assertNothingIsLost();
  }

  private Integer activePid() {
    try (SourceDatabase source = SourceDatabase.of(server.url())) {
      String pid = source.query("SELECT active_pid FROM pg_replication_slots").get(0);
      return pid.equals("null") ? null : Integer.valueOf(pid);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
