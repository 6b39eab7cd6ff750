package io.dynapipe.preflight;

import io.dynapipe.source.postgres.SourceTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a server, row by row. */
final class Rows {

  private Rows() {}

  interface Handler {
    void onRow(ResultSet row) throws SQLException;
  }

  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** The first row of a query; null when it has none. */
  static <T> @Nullable T first(
      Connection connection, String sql, Reader<T> reader, Object... arguments)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    each(connection, sql, row -> rows.add(reader.read(row)), arguments);
    return rows.isEmpty() ? null : rows.get(0);
  }

  /** Asks about all tables at once: the first column is its oid. */
  static <T> Map<Long, T> byTable(
      Connection connection, String sql, List<SourceTable> tables, Reader<T> reader)
      throws SQLException {
    Map<Long, T> rows = new HashMap<>();
    Object[] oids = tables.stream().map(SourceTable::oid).toArray();
    each(
        connection,
        sql,
        row -> rows.put(row.getLong(1), reader.read(row)),
        connection.createArrayOf("oid", oids));
    return rows;
  }

  /** Calls the handler for each row of a query. */
  static void each(Connection connection, String sql, Handler handler, Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          handler.onRow(row);
        }
      }
    }
  }
}
