package io.dynapipe.sink.postgres;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.CanonicalRow;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.Sink;
import io.dynapipe.sink.SinkContract;
import io.dynapipe.sink.TargetProbe;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Looks at a PostgreSQL target with queries of its own. */
final class PostgresProbe implements TargetProbe {

  private final PostgresUrl url;
  private final Connection connection;

  PostgresProbe(PostgresUrl url) {
    this.url = url;
    try {
      connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
      execute("SET TimeZone = 'UTC'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Sink open(Layout layout) {
    return new PostgresSink(
        PostgresSinkSettings.of(url).withLayout(layout).withRetryLimit(Duration.ofSeconds(5)));
  }

  @Override
  public List<String> rows(TableSchema schema) {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM " + Sql.table(schema.table()))) {
      boolean documents = isDocument(result.getMetaData());
      while (result.next()) {
        rows.add(documents ? document(schema, result) : columns(schema, result));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    Collections.sort(rows);
    return rows;
  }

  private static boolean isDocument(ResultSetMetaData columns) throws SQLException {
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      if (columns.getColumnName(i).equals("data") && columns.getColumnTypeName(i).equals("jsonb")) {
        return true;
      }
    }
    return false;
  }

  private static String document(TableSchema schema, ResultSet result) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    String data = result.getString("data");
    String aux = null;
    String key = "{}";
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      switch (columns.getColumnName(i)) {
        case "pk" -> key = result.getString(i);
        case "aux" -> aux = result.getString(i);
        default -> {}
      }
    }
    // In the universal layout the key's columns are in pk only; in the others they are in both.
    return CanonicalRow.read(schema, merged(key, data), aux);
  }

  private static String merged(String key, String data) {
    String members = key.substring(1, key.length() - 1);
    return members.isEmpty() || data.equals("{}")
        ? (members.isEmpty() ? data : key)
        : "{" + members + "," + data.substring(1);
  }

  private static String columns(TableSchema schema, ResultSet result) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    JsonBuffer data = new JsonBuffer(256).raw('{');
    JsonBuffer texts = new JsonBuffer(256).raw('{');
    String aux = "{}";
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String name = columns.getColumnName(i);
      String text = result.getString(i);
      if (name.endsWith("aux") && schema.column(name) == null) {
        aux = text == null ? "{}" : text;
      } else if (text != null) {
        add(schema, columns.getColumnTypeName(i), name, text, data, texts);
      }
    }
    String exact = merged(texts.raw('}').toString(), aux);
    return CanonicalRow.read(schema, data.raw('}').toString(), exact);
  }

  /** A value whose type says all goes to data; a document or a plain text is told verbatim. */
  private static void add(
      TableSchema schema,
      String type,
      String name,
      String text,
      JsonBuffer data,
      JsonBuffer texts) {
    boolean isDocument = schema.column(name) != null && schema.column(name).isJson();
    switch (type) {
      case "bool" -> member(data, name).raw(text.equals("t") ? "true" : "false");
      case "int2", "int4", "int8", "numeric", "float8" -> {
        boolean number = Character.isDigit(text.charAt(text.length() - 1));
        (number ? member(data, name).raw(text) : member(data, name).string(text)).size();
      }
      case "timestamp", "timestamptz" ->
          member(data, name)
              .string(
                  text.endsWith("infinity")
                      ? text
                      : text.replace(' ', 'T').replaceFirst("(\\+00)?$", "Z"));
      case "bytea" -> member(data, name).string("0x" + text.substring(2));
      default -> {
        if (isDocument || !type.startsWith("json")) {
          member(texts, name).string(text);
        } else {
          member(data, name).raw(text);
        }
      }
    }
  }

  private static JsonBuffer member(JsonBuffer out, String name) {
    return out.raw(out.size() == 1 ? "" : ",").string(name).raw(':');
  }

  @Override
  public boolean exists(TableName table) {
    return !query(
            "SELECT tablename FROM pg_tables WHERE schemaname = "
                + Sql.text(table.schema())
                + " AND tablename = "
                + Sql.text(table.name()))
        .isEmpty();
  }

  @Override
  public void createDataTable(TableName table) {
    execute("CREATE SCHEMA IF NOT EXISTS " + Sql.name(table.schema()));
    execute("CREATE TABLE " + Sql.table(table) + " (data JSONB)");
  }

  @Override
  public String describe(TableName table) {
    return String.join(
        ", ",
        query(
            "SELECT column_name || ' ' || data_type FROM information_schema.columns"
                + " WHERE table_schema = "
                + Sql.text(table.schema())
                + " AND table_name = "
                + Sql.text(table.name())
                + " ORDER BY ordinal_position"));
  }

  @Override
  public void reset() {
    execute("DROP SCHEMA IF EXISTS " + SinkContract.SCHEMA + " CASCADE");
    execute("DROP SCHEMA IF EXISTS dynapipe CASCADE");
  }

  void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of the query's answer. */
  List<String> query(String sql) {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        values.add(result.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
    return values;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
