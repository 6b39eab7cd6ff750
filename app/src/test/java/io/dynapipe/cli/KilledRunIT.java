package io.dynapipe.cli;

import static io.dynapipe.demo.EmbeddedQuery.connect;
import static io.dynapipe.demo.EmbeddedQuery.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.demo.EmbeddedServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 1: kill -9 at any moment loses nothing. */
class KilledRunIT {

  private static final String UNDEFINED_TABLE = "42P01";
  private static final int KILLS = 10;
  private static final List<String> TABLES = List.of("accounts", "lines", "notes");
  private static final List<String> DEFINITIONS =
      List.of(
          "CREATE TABLE accounts (id INT PRIMARY KEY, owner TEXT, balance NUMERIC, extra JSONB)",
          "CREATE TABLE lines (a INT, b TEXT, amount BIGINT, PRIMARY KEY (a, b))",
          "CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT, large TEXT)",
          "INSERT INTO accounts SELECT i, 'owner ' || i, i * 1.01, jsonb_build_object('i', i)"
              + " FROM generate_series(1, 20000) i",
          "INSERT INTO lines SELECT i % 100, 'b' || i, i FROM generate_series(1, 20000) i",
          "INSERT INTO notes SELECT i, 'note ' || i, (SELECT string_agg(md5((i * j)::text), '')"
              + " FROM generate_series(1, 120) j) FROM generate_series(1, 2000) i");

  @TempDir Path directory;
  private final AtomicBoolean loading = new AtomicBoolean(true);
  private final AtomicReference<SQLException> loadFailure = new AtomicReference<>();

  @Test
  void endsWithTheSourcesRowsAfterTenKills() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("source", "target")) {
      server.execute("source", DEFINITIONS.toArray(String[]::new));
      Thread load = new Thread(() -> load(server.url("source")), "load");
      load.start();
      Random random = new Random(42);
      for (int i = 0; i < KILLS; i++) {
        Program run = run(server);
        Thread.sleep(2500 + random.nextInt(4000));
        assertThat(run.isAlive()).as(run.errors()).isTrue();
        run.kill();
      }
      loading.set(false);
      load.join();
      assertThat((Object) loadFailure.get()).isNull();

      Program run = run(server);
      for (String table : TABLES) {
        awaitEqual(server, table, run);
      }
      assertThat(run.stop().exitCode()).isEqualTo(143);
    }
  }

  private Program run(EmbeddedServer server) throws Exception {
    return Program.start(
        directory,
        "run",
        "--source",
        server.url("source"),
        "--sink",
        server.url("target"),
        "--state",
        directory.resolve("state").toString());
  }

  /** Inserts, updates (of keys, too, and beside TOASTed columns), deletes and truncates nothing. */
  private void load(String url) {
    Random random = new Random(7);
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; loading.get(); i++) {
        int id = random.nextInt(20_000);
        statement.execute("UPDATE accounts SET balance = balance + 1 WHERE id = " + id);
        statement.execute("UPDATE notes SET text = 'changed " + i + "' WHERE id = " + id % 2000);
        statement.execute(
            "INSERT INTO lines VALUES (" + i + ", 'new', " + i + ") ON CONFLICT DO NOTHING");
        statement.execute("DELETE FROM accounts WHERE id = " + random.nextInt(20_000));
        statement.execute("UPDATE notes SET id = id + 1000000 WHERE id = " + random.nextInt(2_000));
        statement.execute("UPDATE lines SET a = a - 1000000 WHERE b = 'b" + id + "' AND a > 0");
        if (i % 10 == 9) {
          connection.rollback();
        } else {
          connection.commit();
        }
      }
    } catch (SQLException e) {
      loadFailure.set(e);
    }
  }

  private static void awaitEqual(EmbeddedServer server, String table, Program run)
      throws Exception {
    List<String> wanted =
        rows(server.url("source"), "SELECT to_jsonb(t)::text FROM " + table + " t ORDER BY 1");
    String sql = "SELECT data::text FROM " + table + " ORDER BY 1";
    long deadline = System.nanoTime() + 60_000_000_000L;
    List<String> found = targetRows(server, sql);
    while (!found.equals(wanted) && System.nanoTime() < deadline) {
      Thread.sleep(200);
      found = targetRows(server, sql);
    }
    assertThat(found).as(table + "\n" + run.errors()).isEqualTo(wanted);
  }

  private static List<String> targetRows(EmbeddedServer server, String sql) throws SQLException {
    try {
      return rows(server.url("target"), sql);
    } catch (SQLException e) {
      if (UNDEFINED_TABLE.equals(e.getSQLState())) {
        return List.of();
      }
      throw e;
    }
  }
}
