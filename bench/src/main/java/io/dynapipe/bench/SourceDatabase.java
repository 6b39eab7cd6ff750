package io.dynapipe.bench;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SourceUrl;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;

/** A PostgreSQL database with the table that benchmarks read. */
final class SourceDatabase implements AutoCloseable {

  static final String TABLE = "dynapipe_bench";

  /** Rows of 150 to 200 bytes as COPY prints them. */
  private static final String ROW =
      """
      SELECT g, 'customer ' || g, g::bigint * 7919 %% 100000, md5(g::text) || ' ' || md5((g + 1)::text),
        g * 0.25 + 0.125, g %% 3 = 0, timestamptz '2024-01-01 00:00:00Z' + g * interval '1.001 s',
        jsonb_build_object('city', 'Berlin', 'zip', 10000 + g %% 9000, 'v', %s)
      FROM generate_series(%d, %d) AS g
      """;

  private static final long RELEASE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final String url;
  private final Connection connection;

  SourceDatabase(String url) throws SQLException {
    this.url = url;
    this.connection = connect(url);
  }

  static Connection connect(String url) throws SQLException {
    PostgresUrl parsed = SourceUrl.parse(url, Map.of());
    return DriverManager.getConnection(parsed.jdbcUrl(), parsed.jdbcProperties());
  }

  String url() {
    return url;
  }

  void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  String ask(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  /** An empty table; what was there before is dropped. */
  void createTable() throws SQLException {
    execute(
        "DROP TABLE IF EXISTS " + TABLE,
        "CREATE TABLE "
            + TABLE
            + " (id bigint PRIMARY KEY, name text, quantity int, note text, price double precision,"
            + " active boolean, created_at timestamptz, attributes jsonb)");
  }

  /** The table with this many rows, settled: no reader has to set hint bits any more. */
  void fill(int rows) throws SQLException {
    createTable();
    insert(1, rows);
    execute("VACUUM ANALYZE " + TABLE, "CHECKPOINT");
  }

  void insert(int first, int last) throws SQLException {
    execute("INSERT INTO " + TABLE + " " + ROW.formatted("0", first, last));
  }

  /** Inserts in transactions of so many rows. */
  void insertInTransactions(int rows, int perTransaction) throws SQLException {
    for (int first = 1; first <= rows; first += perTransaction) {
      insert(first, Math.min(rows, first + perTransaction - 1));
    }
  }

  /** Updates every row once, in transactions of so many rows. */
  void updateInTransactions(int rows, int perTransaction) throws SQLException {
    for (int first = 1; first <= rows; first += perTransaction) {
      execute(
          "UPDATE "
              + TABLE
              + " SET quantity = quantity + 1, note = reverse(note) WHERE id BETWEEN "
              + first
              + " AND "
              + Math.min(rows, first + perTransaction - 1));
    }
  }

  String walPosition() throws SQLException {
    return ask("SELECT pg_current_wal_lsn()::text");
  }

  /** The server lets go of a slot a moment after its reader has ended. */
  void dropSlot(String name) throws SQLException {
    long deadline = System.nanoTime() + RELEASE_NANOS;
    String active =
        "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '" + name + "'";
    while (!ask(active).equals("0") && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
            + name
            + "'");
  }

  void createSlot(String name) throws SQLException {
    dropSlot(name);
    execute("SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
  }

  /** A slot that stands where another does, so that the same events can be read again. */
  void copySlot(String from, String to) throws SQLException {
    dropSlot(to);
    execute("SELECT pg_copy_logical_replication_slot('" + from + "', '" + to + "')");
  }

  /** What a query's only column holds, one row a line. */
  void writeLines(String query, Path file) throws SQLException, IOException {
    // A delimiter and a quote that no row holds keep the text as it is.
    String copy = "COPY (" + query + ") TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')";
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy, out);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
