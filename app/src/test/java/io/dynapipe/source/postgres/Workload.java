package io.dynapipe.source.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Writes to a table {@code foo (id int PRIMARY KEY, n int, v text)} until it is closed. */
final class Workload implements AutoCloseable {

  private static final int KEYS = 300;

  private final Connection connection;
  private final Thread thread;
  private final Random random;
  private final AtomicLong transactions = new AtomicLong();
  private volatile boolean stop;
  private volatile SQLException failure;

  Workload(SourceDatabase source, long seed) throws SQLException {
    connection = source.connect();
    random = new Random(seed);
    thread = new Thread(this::write, "test-workload");
    thread.start();
  }

  /** Transactions committed or rolled back so far. */
  long transactions() {
    return transactions.get();
  }

  private void write() {
    try (Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stop) {
        for (int i = random.nextInt(5); i >= 0; i--) {
          statement.execute(change());
        }
        if (random.nextInt(10) == 0) {
          connection.rollback();
        } else {
          connection.commit();
        }
        transactions.incrementAndGet();
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  private String change() {
    int id = random.nextInt(KEYS);
    return switch (random.nextInt(10)) {
      case 0 -> "DELETE FROM foo WHERE id = " + id;
      case 1 ->
          "UPDATE foo SET id = "
              + (id + KEYS)
              + " WHERE id = "
              + id
              + " AND NOT EXISTS (SELECT FROM foo WHERE id = "
              + (id + KEYS)
              + ")";
      case 2, 3 -> "UPDATE foo SET n = n + 1 WHERE id = " + id;
      case 4 -> "UPDATE foo SET n = n + 1 WHERE id = " + (id + KEYS);
      default ->
          "INSERT INTO foo SELECT "
              + id
              + ", 0, string_agg(md5(i::text), '') FROM generate_series("
              + id
              + ", "
              + (id + random.nextInt(200))
              + ") i ON CONFLICT (id) DO UPDATE SET n = foo.n + 1, v = excluded.v";
    };
  }

  /** Ends after the present transaction, and fails as it failed. */
  void finish() throws SQLException, InterruptedException {
    stop = true;
    thread.join();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() throws SQLException {
    stop = true;
    connection.close();
  }
}
