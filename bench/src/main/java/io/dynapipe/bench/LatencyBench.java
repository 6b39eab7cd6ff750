package io.dynapipe.bench;

import io.dynapipe.demo.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How long after its commit a row is visible in an embedded target, at a steady 2,000 events a
 * second. A late transaction is timed from its own commit; that the writer fell behind its plan is
 * told by the rate.
 */
final class LatencyBench {

  private static final String SOURCE = "source";
  private static final String TARGET = "target";
  private static final int PER_TRANSACTION = 10;
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final int WARM_UP_EVENTS = 10_000;

  private record Committed(int lastRow, long nanos) {}

  private final Options options;
  private final Report report;

  LatencyBench(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  /** On a server of its own: the slot of a task that nobody resumes ends with it. */
  void run() throws Exception {
    Path state = Files.createTempDirectory("dynapipe-bench");
    try (EmbeddedServer server = EmbeddedServer.start(SOURCE, TARGET);
        SourceDatabase source = new SourceDatabase(server.url(SOURCE))) {
      source.createTable();
      Process ours =
          Child.start(
              Child.ours(
                  "run",
                  "--source",
                  source.url(),
                  "--sink",
                  server.url(TARGET),
                  "--tables",
                  "public." + SourceDatabase.TABLE,
                  "--state",
                  state.toString()));
      try {
        measure(source, server.url(TARGET), ours);
      } finally {
        ours.destroy();
        ours.waitFor(30, TimeUnit.SECONDS);
      }
    } finally {
      deleteAll(state);
    }
  }

  private void measure(SourceDatabase source, String target, Process ours) throws Exception {
    Child.Usage usage = new Child.Usage(ours.pid());
    try (Connection connection = SourceDatabase.connect(target)) {
      source.insert(1, 1);
      awaitTable(connection);
      awaitRow(connection, 1);
      times(source, connection, 2, WARM_UP_EVENTS);
      int events = Math.min(options.events(), 60_000);
      long began = System.nanoTime();
      double[] millis = times(source, connection, 2 + WARM_UP_EVENTS, events);
      double rate = events / ((System.nanoTime() - began) / 1e9);
      usage.look();
      Arrays.sort(millis);
      report.print(
          new Report.Result(
              "latency",
              "ms",
              millis[millis.length / 2],
              Double.NaN,
              Map.of("p99", millis[millis.length * 99 / 100], "events/s", rate),
              usage.peakMib(),
              usage.cpuSeconds()));
    }
  }

  /** Milliseconds from commit to visible, for each transaction. */
  private static double[] times(SourceDatabase source, Connection target, int first, int events)
      throws Exception {
    int transactions = events / PER_TRANSACTION;
    BlockingQueue<Committed> committed = new ArrayBlockingQueue<>(transactions);
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(() -> write(source, first, transactions, committed));
    double[] millis = new double[transactions];
    for (int i = 0; i < transactions; i++) {
      Committed next = null;
      while (next == null) {
        next = committed.poll(1, TimeUnit.SECONDS);
        if (next == null && writing.isCompletedExceptionally()) {
          writing.join();
        }
      }
      millis[i] = (awaitRow(target, next.lastRow()) - next.nanos()) / 1e6;
    }
    writing.join();
    return millis;
  }

  private static void write(
      SourceDatabase source, int first, int transactions, BlockingQueue<Committed> committed) {
    try {
      long began = System.nanoTime();
      for (int i = 0; i < transactions; i++) {
        LockSupport.parkNanos(began + i * PERIOD_NANOS - System.nanoTime());
        int from = first + i * PER_TRANSACTION;
        int last = from + PER_TRANSACTION - 1;
        source.insert(from, last);
        committed.add(new Committed(last, System.nanoTime()));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The moment at which the row was seen. */
  private static long awaitRow(Connection target, int row) throws SQLException {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    try (PreparedStatement statement =
        target.prepareStatement("SELECT 1 FROM " + SourceDatabase.TABLE + " WHERE pk = ?::jsonb")) {
      statement.setString(1, "{\"id\": " + row + "}");
      while (true) {
        try (ResultSet result = statement.executeQuery()) {
          if (result.next()) {
            return System.nanoTime();
          }
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("row " + row + " did not come");
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private static void awaitTable(Connection target) throws SQLException {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (true) {
      try (PreparedStatement statement =
              target.prepareStatement("SELECT to_regclass('" + SourceDatabase.TABLE + "')");
          ResultSet result = statement.executeQuery()) {
        result.next();
        if (result.getString(1) != null) {
          return;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the table did not come");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : List.copyOf(files.sorted(Comparator.reverseOrder()).toList())) {
        Files.delete(file);
      }
    }
  }
}
