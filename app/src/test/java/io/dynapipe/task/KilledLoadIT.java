package io.dynapipe.task;

import static io.dynapipe.demo.EmbeddedQuery.connect;
import static io.dynapipe.demo.EmbeddedQuery.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.cli.Program;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.embedded.EmbeddedStore;
import io.dynapipe.stream.embedded.TaskState;
import io.dynapipe.task.CaptureProgress.Phase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 during the full load of five tables while the source is written to. What the source
 * counts as read tells that ranges which were finished are not read again. {@code
 * -Ddynapipe.killed-load.rows=3000000} for the full size, in ranges of pages; in small, the largest
 * table has partitions, each of which is a range.
 */
class KilledLoadIT {

  private static final int ROWS = Integer.getInteger("dynapipe.killed-load.rows", 120_000);
  private static final boolean FULL_SIZE = ROWS >= 1_000_000;
  private static final int PARTITIONS = 8;
  private static final List<String> SMALL = List.of("accounts", "brokers", "cities", "dealers");
  private static final long LIMIT_NANOS = (FULL_SIZE ? 1_200 : 120) * 1_000_000_000L;

  @TempDir Path directory;
  private final AtomicBoolean writing = new AtomicBoolean(true);
  private final AtomicReference<SQLException> writeFailure = new AtomicReference<>();
  private final AtomicLong rowsWritten = new AtomicLong();

  @Test
  void finishedRangesAreNotReadAgain() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("source", "target")) {
      createTables(server);
      Thread writer = new Thread(() -> write(server.url("source")), "writes");
      writer.start();
      Path state = directory.resolve("state");
      SortedMap<String, Long> finished = killDuringLoad(server, state);
      server.execute("source", "SELECT pg_stat_reset()");
      long writtenBefore = rowsWritten.get();

      Program second = run(server, state);
      awaitPhase(state, Phase.CDC, second);
      Map<String, Long> read = read(server);
      long written = rowsWritten.get() - writtenBefore;
      writing.set(false);
      writer.join();
      assertThat((Object) writeFailure.get()).isNull();

      long all = count(server, "source", "SELECT count(*) FROM lines");
      System.out.printf(
          "killed with %s rows finished; read then: %s; lines has %d rows, %d written meanwhile%n",
          finished, read, all, written);
      for (String table : SMALL) {
        assertThat(read.get(table)).as("rows of " + table + " read again").isZero();
      }
      assertThat(read.get("lines"))
          .as("rows of lines read after the restart")
          .isPositive()
          .isLessThanOrEqualTo(all + written - finished.get("lines"));
      for (String table : List.of("accounts", "brokers", "cities", "dealers", "lines")) {
        awaitEqual(server, table, second);
      }
      assertThat(second.stop().exitCode()).isEqualTo(143);
    }
  }

  private static void createTables(EmbeddedServer server) {
    String columns = " (id bigint PRIMARY KEY, n int NOT NULL, v text)";
    for (String table : SMALL) {
      server.execute("source", "CREATE TABLE " + table + columns, fill(table, ROWS / 100));
    }
    server.execute(
        "source", "CREATE TABLE lines" + columns + (FULL_SIZE ? "" : " PARTITION BY RANGE (id)"));
    int step = ROWS / PARTITIONS;
    for (int i = 0; i < PARTITIONS && !FULL_SIZE; i++) {
      String to = i == PARTITIONS - 1 ? "MAXVALUE" : String.valueOf((i + 1) * step + 1);
      String from = i == 0 ? "MINVALUE" : String.valueOf(i * step + 1);
      server.execute(
          "source",
          "CREATE TABLE lines_%d PARTITION OF lines FOR VALUES FROM (%s) TO (%s)"
              .formatted(i, from, to));
    }
    server.execute("source", fill("lines", ROWS), "CHECKPOINT", "VACUUM ANALYZE");
  }

  private static String fill(String table, int rows) {
    return "INSERT INTO "
        + table
        + " SELECT i, 0, repeat(md5(i::text), 3) FROM generate_series(1, "
        + rows
        + ") i";
  }

  /** Kills a run when the small tables and a part of the large one are done; rows done by table. */
  private SortedMap<String, Long> killDuringLoad(EmbeddedServer server, Path state)
      throws Exception {
    Program first = run(server, state);
    try (EmbeddedStore store = openBeside(state, first)) {
      TaskState progress = store.taskState("RUN");
      long deadline = System.nanoTime() + LIMIT_NANOS;
      while (progress.all("range:").size() < SMALL.size() + 2) {
        assertThat(System.nanoTime()).as(first.errors()).isLessThan(deadline);
        assertThat(first.isAlive()).as(first.errors()).isTrue();
        Thread.sleep(2);
      }
      first.kill();
      assertThat(progress.get("phase")).as("killed in time").isEqualTo(Phase.FULL_LOAD.name());
      SortedMap<String, Long> rows = new TreeMap<>();
      progress
          .all("range:")
          .forEach(
              (key, value) ->
                  rows.merge(
                      tableOf(key),
                      Long.parseLong(value.substring(0, value.indexOf(' '))),
                      Long::sum));
      assertThat(rows.keySet()).containsAll(SMALL).contains("lines");
      return rows;
    }
  }

  /** {@code range:6:public5:lines...}. */
  private static String tableOf(String key) {
    String rest = key.substring("range:6:public".length());
    int colon = rest.indexOf(':');
    return rest.substring(colon + 1, colon + 1 + Integer.parseInt(rest.substring(0, colon)));
  }

  private static EmbeddedStore openBeside(Path state, Program run) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (true) {
      try {
        return EmbeddedStore.open(state, EmbeddedStore.Access.SHARED);
      } catch (PipelineException notYet) {
        assertThat(System.nanoTime()).as(run.errors()).isLessThan(deadline);
        Thread.sleep(20);
      }
    }
  }

  private static void awaitPhase(Path state, Phase phase, Program run) throws Exception {
    try (EmbeddedStore store = openBeside(state, run)) {
      long deadline = System.nanoTime() + LIMIT_NANOS;
      while (!phase.name().equals(store.taskState("RUN").get("phase"))) {
        assertThat(System.nanoTime()).as(run.errors()).isLessThan(deadline);
        assertThat(run.isAlive()).as(run.errors()).isTrue();
        Thread.sleep(20);
      }
    }
  }

  /** Rows that sequential reads have given since the counters were reset, by table. */
  private static Map<String, Long> read(EmbeddedServer server) throws SQLException {
    Map<String, Long> read = new TreeMap<>();
    for (String line :
        rows(
            server.url("source"),
            "SELECT split_part(relname, '_', 1) || ' ' || sum(seq_tup_read) FROM"
                + " pg_stat_user_tables GROUP BY split_part(relname, '_', 1)")) {
      String[] words = line.split(" ");
      read.put(words[0], Long.valueOf(words[1]));
    }
    return read;
  }

  private Program run(EmbeddedServer server, Path state) throws Exception {
    return Program.start(
        directory,
        "run",
        "--source",
        server.url("source"),
        "--sink",
        server.url("target"),
        "--state",
        state.toString());
  }

  /** Single rows by their key, so that nothing of it counts as a sequential read. */
  private void write(String url) {
    Random random = new Random(7);
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute("SET enable_seqscan = off");
      statement.execute("SET enable_bitmapscan = off");
      for (int i = 0; writing.get(); i++) {
        String table = i % 2 == 0 ? "lines" : SMALL.get(random.nextInt(SMALL.size()));
        int id = 1 + random.nextInt(table.equals("lines") ? ROWS : ROWS / 100);
        rowsWritten.addAndGet(
            switch (i % 5) {
              case 0 ->
                  statement.executeUpdate(
                      "INSERT INTO %s VALUES (%d, 1, 'new') ON CONFLICT DO NOTHING"
                          .formatted(table, ROWS + i));
              case 1 -> statement.executeUpdate("DELETE FROM " + table + " WHERE id = " + id);
              default ->
                  statement.executeUpdate("UPDATE " + table + " SET n = n + 1 WHERE id = " + id);
            });
      }
    } catch (SQLException e) {
      writeFailure.set(e);
    }
  }

  private static void awaitEqual(EmbeddedServer server, String table, Program run)
      throws Exception {
    String digest =
        "SELECT concat(count(*), ' ', sum(hashtextextended(%s, 0))) FROM " + table + " t";
    String wanted = rows(server.url("source"), digest.formatted("to_jsonb(t)::text")).get(0);
    long deadline = System.nanoTime() + LIMIT_NANOS;
    String found = "";
    while (!found.equals(wanted)) {
      assertThat(System.nanoTime())
          .as("%s has %s, not %s%n%s", table, found, wanted, run.errors())
          .isLessThan(deadline);
      Thread.sleep(100);
      try {
        found = rows(server.url("target"), digest.formatted("data::text")).get(0);
      } catch (SQLException notYet) {
        found = String.valueOf(notYet.getMessage());
      }
    }
  }

  private static long count(EmbeddedServer server, String database, String sql)
      throws SQLException {
    return Long.parseLong(rows(server.url(database), sql).get(0));
  }
}
