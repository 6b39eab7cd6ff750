package io.dynapipe.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.TargetRow;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL target, read through a cursor, in any of the sink's layouts. */
final class PostgresReader implements TargetReader {

  private static final int ROWS_AT_ONCE = 200;
  private static final String MISSING_TABLE = "42P01";
  private static final String MISSING_SCHEMA = "3F000";
  private static final JsonMapper JSON = CanonicalValue.JSON;
  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private final PostgresUrl url;

  PostgresReader(PostgresUrl url) {
    this.url = url;
  }

  @Override
  public boolean read(TableSchema schema, Consumer<TargetRow> handler) {
    String table = quoted(schema.table().schema()) + "." + quoted(schema.table().name());
    try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      statement.execute("SET LOCAL TimeZone = 'UTC'");
      statement.execute("SET LOCAL extra_float_digits = 1");
      statement.setFetchSize(ROWS_AT_ONCE);
      try (ResultSet result = statement.executeQuery("SELECT * FROM ONLY " + table)) {
        boolean documents = isDocument(schema, result.getMetaData());
        while (result.next()) {
          handler.accept(documents ? document(result) : columns(schema, result));
        }
      }
      return true;
    } catch (SQLException e) {
      if (MISSING_TABLE.equals(e.getSQLState()) || MISSING_SCHEMA.equals(e.getSQLState())) {
        return false;
      }
      throw PipelineException.environment(
          "the target does not tell the rows of " + schema.table() + ": " + e.getMessage(),
          "Check that the target can be reached and that its role may read the table.",
          e);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("PostgreSQL told a jsonb that is not JSON", e);
    }
  }

  private static boolean isDocument(TableSchema schema, ResultSetMetaData columns)
      throws SQLException {
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      if (columns.getColumnName(i).equals("data")
          && columns.getColumnTypeName(i).equals("jsonb")
          && schema.column("data") == null) {
        return true;
      }
    }
    return false;
  }

  /** In the universal layout the key's columns are in pk only, else in both. */
  private static TargetRow document(ResultSet result) throws SQLException, JsonProcessingException {
    ResultSetMetaData columns = result.getMetaData();
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String text = result.getString(i);
      if (text != null) {
        switch (columns.getColumnName(i)) {
          case "pk", "data" -> values.putAll(JSON.readValue(text, OBJECT));
          case "aux" -> addTexts(text, texts);
          default -> {
            // A column that a person added: no business of ours.
          }
        }
      }
    }
    return new TargetRow(values, texts);
  }

  private static void addTexts(String aux, Map<String, String> texts)
      throws JsonProcessingException {
    JSON.readValue(aux, OBJECT)
        .forEach(
            (name, value) -> {
              if (value != null) {
                texts.put(name, value.toString());
              }
            });
  }

  private static TargetRow columns(TableSchema schema, ResultSet result)
      throws SQLException, JsonProcessingException {
    ResultSetMetaData columns = result.getMetaData();
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    @Nullable String aux = null;
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String name = columns.getColumnName(i);
      String text = result.getString(i);
      if (name.endsWith("aux") && schema.column(name) == null) {
        aux = text;
      } else if (text != null) {
        add(schema.column(name), columns.getColumnTypeName(i), name, text, values, texts);
      }
    }
    if (aux != null) {
      addTexts(aux, texts);
    }
    return new TargetRow(values, texts);
  }

  /** A value whose type says all is a value; a document or a plain text is told verbatim. */
  private static void add(
      @Nullable Column column,
      String type,
      String name,
      String text,
      Map<String, @Nullable Object> values,
      Map<String, String> texts)
      throws JsonProcessingException {
    switch (type) {
      case "bool" -> values.put(name, text.equals("t"));
      case "int2", "int4", "int8", "numeric", "float4", "float8" -> {
        boolean number = Character.isDigit(text.charAt(text.length() - 1));
        // Decimals have no negative zero.
        values.put(name, number && !text.equals("-0") ? new BigDecimal(text) : text);
      }
      case "timestamp", "timestamptz" ->
          values.put(
              name,
              text.endsWith("infinity")
                  ? text
                  : text.replace(' ', 'T').replaceFirst("(\\+00)?$", "Z"));
      case "bytea" -> values.put(name, "0x" + text.substring(2));
      default -> {
        if (type.startsWith("json") && (column == null || !column.isJson())) {
          values.put(name, JSON.readValue(text, Object.class));
        } else {
          texts.put(name, text);
        }
      }
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
