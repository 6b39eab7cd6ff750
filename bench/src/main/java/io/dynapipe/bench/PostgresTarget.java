package io.dynapipe.bench;

import io.dynapipe.config.PostgresUrl;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** PostgreSQL in layout {@code document}. One thread at a time. */
final class PostgresTarget implements Target {

  private static final String TABLE = "public." + SourceDatabase.TABLE;

  private final Connection connection;

  PostgresTarget(PostgresUrl url) throws SQLException {
    connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
  }

  @Override
  public Request upserts(List<EventLine> rows) throws SQLException {
    Array keys = keys(rows);
    Array data = texts(rows.stream().map(EventLine::data).toArray(String[]::new));
    return () ->
        execute(
            "INSERT INTO "
                + TABLE
                + " (pk, data) SELECT k::jsonb, d::jsonb FROM unnest(?::text[], ?::text[])"
                + " AS s(k, d) ON CONFLICT (pk) DO UPDATE SET data = excluded.data, aux = NULL",
            keys,
            data);
  }

  @Override
  public Request deletes(List<EventLine> rows) throws SQLException {
    Array keys = keys(rows);
    return () ->
        execute(
            "DELETE FROM "
                + TABLE
                + " WHERE pk = ANY (SELECT k::jsonb FROM unnest(?::text[]) AS k)",
            keys);
  }

  private Array keys(List<EventLine> rows) throws SQLException {
    return texts(rows.stream().map(row -> "{\"id\":" + row.id() + "}").toArray(String[]::new));
  }

  private Array texts(String[] texts) throws SQLException {
    return connection.createArrayOf("text", texts);
  }

  private void execute(String sql, Array... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setArray(i + 1, parameters[i]);
      }
      statement.executeUpdate();
    }
  }

  @Override
  public long count() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM " + TABLE)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public int connections() {
    return 1;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
