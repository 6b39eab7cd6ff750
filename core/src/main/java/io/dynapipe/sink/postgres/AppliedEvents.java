package io.dynapipe.sink.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The ids of events that were applied to a table without key, one table for each: {@code
 * dynapipe.events_<id>}. Equal rows cannot be told apart, so this is what tells a replay from one
 * more row. It grows by a row for each event, until the table is truncated or loaded again.
 */
final class AppliedEvents {

  private AppliedEvents() {}

  /** The table's name for SQL. */
  static String table(TableRecord record) {
    return "dynapipe.events_" + record.id();
  }

  static void create(Connection connection, TableRecord record) throws SQLException {
    execute(
        connection, "CREATE TABLE IF NOT EXISTS " + table(record) + " (event_id TEXT PRIMARY KEY)");
  }

  static void drop(Connection connection, TableRecord record) throws SQLException {
    execute(connection, "DROP TABLE IF EXISTS " + table(record));
  }

  /** Forgets all events, if the table has any to forget. */
  static void truncate(Connection connection, TableRecord record) throws SQLException {
    execute(
        connection,
        "DO $$ BEGIN IF to_regclass('"
            + table(record)
            + "') IS NOT NULL THEN TRUNCATE TABLE "
            + table(record)
            + "; END IF; END $$");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
