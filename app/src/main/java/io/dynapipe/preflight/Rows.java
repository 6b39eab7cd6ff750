package io.dynapipe.preflight;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Asks a server, row by row. */
final class Rows {

  private Rows() {}

  interface Handler {
    void onRow(ResultSet row) throws SQLException;
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
