package io.dynapipe.source.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Takes part in snapshots of other connections, and reads what they show. */
public final class Snapshots {

  private static final String TRANSACTIONS =
      """
      SELECT pg_current_snapshot()::text || '@' ||
             CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                  ELSE pg_current_wal_insert_lsn() END
      """;

  private Snapshots() {}

  /**
   * Begins a transaction that sees what another connection has exported, and ends any before it.
   */
  public static void begin(Connection connection, String name) throws SQLException {
    connection.setAutoCommit(false);
    connection.rollback();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      statement.execute("SET TRANSACTION SNAPSHOT " + Sql.literal(name));
    }
  }

  static VisibleTransactions transactions(PostgresConnections connections, String name)
      throws SQLException {
    try (Connection connection = connections.query()) {
      begin(connection, name);
      try (Statement statement = connection.createStatement()) {
        return transactions(statement);
      }
    }
  }

  /** What the snapshot of the statement's transaction shows. */
  static VisibleTransactions transactions(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(TRANSACTIONS)) {
      row.next();
      return VisibleTransactions.parse(row.getString(1));
    }
  }
}
