package io.dynapipe.stream.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection with its prepared statements. One thread at a time. */
final class Sqlite implements AutoCloseable {

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private Sqlite(Connection connection) {
    this.connection = connection;
  }

  /** Opens a file; transactions are begun and ended by statements. */
  static Sqlite open(String url) throws SQLException {
    return new Sqlite(DriverManager.getConnection(url));
  }

  /** Runs a statement that may be different each time, a PRAGMA for example, to its end. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            // incremental_vacuum does its work one step a row.
          }
        }
      }
    }
  }

  /** Runs a statement that changes rows, and tells how many. */
  int update(String sql, @Nullable Object... parameters) throws SQLException {
    try {
      return bound(sql, parameters).executeUpdate();
    } catch (SQLException e) {
      throw forget(sql, e);
    }
  }

  /** Runs a query; the caller closes the rows, before it runs the same query again. */
  ResultSet query(String sql, @Nullable Object... parameters) throws SQLException {
    try {
      return bound(sql, parameters).executeQuery();
    } catch (SQLException e) {
      throw forget(sql, e);
    }
  }

  /** The first column of the first row as a number; null when there is no row or it is NULL. */
  @Nullable Long number(String sql, @Nullable Object... parameters) throws SQLException {
    try (ResultSet rows = query(sql, parameters)) {
      if (!rows.next()) {
        return null;
      }
      long number = rows.getLong(1);
      return rows.wasNull() ? null : number;
    }
  }

  /** The driver finalizes a statement that has failed. */
  private SQLException forget(String sql, SQLException failure) {
    PreparedStatement statement = statements.remove(sql);
    if (statement != null) {
      try {
        statement.close();
      } catch (SQLException e) {
        failure.addSuppressed(e);
      }
    }
    return failure;
  }

  private PreparedStatement bound(String sql, @Nullable Object[] parameters) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] instanceof byte[] bytes) {
        statement.setBytes(i + 1, bytes);
      } else {
        statement.setObject(i + 1, parameters[i]);
      }
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
