package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.event.TableName;
import io.dynapipe.source.TableSelection;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database of its own for one test, on the shared server or on a given one. Closing it drops the
 * slots that the test left and the database.
 */
public final class SourceDatabase implements AutoCloseable {

  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final PostgresUrl admin;
  private final PostgresUrl url;
  private final Connection connection;

  private SourceDatabase(PostgresUrl admin, String name) throws SQLException {
    this.admin = admin;
    this.url =
        new PostgresUrl(admin.hosts(), name, admin.user(), admin.password(), admin.properties());
    this.connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
  }

  public static SourceDatabase create() throws SQLException {
    return create(TestServer.url(TestServer.port(), "postgres"));
  }

  static SourceDatabase create(PostgresUrl admin) throws SQLException {
    String name = "test_" + ProcessHandle.current().pid() + "_" + COUNTER.incrementAndGet();
    execute(admin, "CREATE DATABASE " + name);
    return new SourceDatabase(admin, name);
  }

  /** A database that is there; closing this leaves it as it is. */
  public static SourceDatabase of(PostgresUrl url) throws SQLException {
    return new SourceDatabase(url, url.database());
  }

  public PostgresUrl url() {
    return url;
  }

  public PostgresServer server() {
    return new PostgresServer(url);
  }

  /** Skips a test of something that older servers do not have. */
  public void assumeMajor(int version) {
    assumeThat(server().info().major()).as("major version").isGreaterThanOrEqualTo(version);
  }

  /** A name for slots and publications that no other test uses. */
  public String name() {
    return url.database();
  }

  /** Runs statements in autocommit mode. */
  public void run(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Another connection, for what must happen beside. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
  }

  /** All rows of a query, columns joined by {@code |}. */
  public List<String> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> lines = new ArrayList<>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          line.append(i == 1 ? "" : "|").append(rows.getString(i));
        }
        lines.add(line.toString());
      }
      return lines;
    }
  }

  public List<SourceTable> tables() {
    return server().tables(TableSelection.ALL_TABLES);
  }

  public SourceTable table(String name) {
    return table("public", name);
  }

  public SourceTable table(String schema, String name) {
    TableName wanted = new TableName(schema, name);
    return server().tables((table, isView) -> table.equals(wanted)).get(0);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    if (url.equals(admin)) {
      return;
    }
    execute(
        admin,
        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND"
            + " database = '"
            + url.database()
            + "'");
    for (int attempt = 0; ; attempt++) {
      try {
        execute(
            admin,
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database ="
                + " '"
                + url.database()
                + "'");
        break;
      } catch (SQLException e) {
        if (attempt > 1_000) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
    execute(admin, "DROP DATABASE " + url.database() + " WITH (FORCE)");
  }

  private static void execute(PostgresUrl where, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(where.jdbcUrl(), where.jdbcProperties());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
