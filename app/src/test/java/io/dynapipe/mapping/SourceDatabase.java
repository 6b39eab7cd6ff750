package io.dynapipe.mapping;

import io.dynapipe.config.SourceUrl;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.TableName;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.Catalog;
import io.dynapipe.source.postgres.PostgresConnections;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.ValueRenderer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A real PostgreSQL server, with rows read in the form that the source gives them. */
public final class SourceDatabase implements AutoCloseable {

  private final EmbeddedPostgres server;
  private final Connection connection;

  public SourceDatabase() throws IOException {
    server = EmbeddedPostgres.builder().start();
    connection =
        new PostgresConnections(
                SourceUrl.parse(
                    "postgresql://postgres@localhost:" + server.getPort() + "/postgres", Map.of()))
            .query();
  }

  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** First column of each row. */
  public List<String> query(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  public SourceTable table(TableName name) throws SQLException {
    int version = connection.getMetaData().getDatabaseMajorVersion() * 10_000;
    return new Catalog(connection, version).tables(TableSelection.exactly(Set.of(name))).get(0);
  }

  /** All rows as events have them, ordered by the first column. */
  public List<Row> rows(SourceTable table, String sqlName) throws SQLException {
    ColumnNames names = table.columnNames();
    RowBuilder builder = new RowBuilder();
    List<Row> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(select(table, sqlName))) {
      while (result.next()) {
        builder.begin(names);
        for (int i = 0; i < names.size(); i++) {
          String text = result.getString(i + 1);
          if (text == null) {
            builder.addNull();
          } else {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ValueRenderer.render(table.columns().get(i).format(), bytes, 0, bytes.length, builder);
          }
        }
        rows.add(builder.build());
      }
    }
    return rows;
  }

  /** Each value by its type's output function, which is what COPY and pgoutput send. */
  private static String select(SourceTable table, String sqlName) {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (SourceColumn column : table.columns()) {
      String quoted = "\"" + column.name().replace("\"", "\"\"") + "\"";
      sql.append(
          "CASE WHEN " + quoted + " IS NULL THEN NULL ELSE format('%s', " + quoted + ") END, ");
    }
    sql.setLength(sql.length() - 2);
    return sql + " FROM " + sqlName + " ORDER BY \"" + table.columns().get(0).name() + '"';
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    } finally {
      server.close();
    }
  }
}
