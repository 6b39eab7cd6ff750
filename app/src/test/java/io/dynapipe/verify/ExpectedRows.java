package io.dynapipe.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.dynapipe.sink.TargetRow;
import io.dynapipe.source.postgres.SourceDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the source casts to text, against what a target holds. A target's value is equal when its
 * text is the source's text, or, for types that events tell in another form (numbers, moments,
 * bytes, JSON), when the source reads that form as the same value.
 */
final class ExpectedRows {

  private static final List<String> FORMED =
      List.of(
          "boolean",
          "smallint",
          "integer",
          "bigint",
          "oid",
          "xid",
          "cid",
          "xid8",
          "real",
          "double precision",
          "date",
          "inet",
          "json",
          "jsonb",
          "positive",
          "price",
          "stamp",
          "document");

  private final SourceDatabase source;
  private final AllTypes types;

  ExpectedRows(SourceDatabase source, AllTypes types) {
    this.source = source;
    this.types = types;
  }

  /** One line for each value that differs; rows are compared by their id. */
  List<String> differences(List<TargetRow> target) throws SQLException {
    Map<Integer, TargetRow> found = new TreeMap<>();
    for (TargetRow row : target) {
      found.put(Integer.valueOf(String.valueOf(text(row, "id", "integer"))), row);
    }
    List<String> differences = new ArrayList<>();
    try (Connection connection = source.connect();
        Statement session = connection.createStatement()) {
      session.execute("SET TimeZone = 'UTC'; SET extra_float_digits = 1");
      Map<Integer, Map<String, @Nullable String>> wanted = wanted(session);
      if (!found.keySet().equals(wanted.keySet()) || found.size() != target.size()) {
        differences.add("rows " + found.keySet() + " instead of " + wanted.keySet());
      }
      for (Map.Entry<Integer, TargetRow> row : found.entrySet()) {
        Map<String, @Nullable String> texts = wanted.getOrDefault(row.getKey(), Map.of());
        for (Map.Entry<String, @Nullable String> value : texts.entrySet()) {
          String name = value.getKey();
          String got = text(row.getValue(), name, types.type(name));
          if (!isEqual(connection, types.type(name), value.getValue(), got)) {
            differences.add(
                "%d %s: %s instead of %s"
                    .formatted(row.getKey(), types.type(name), cut(got), cut(value.getValue())));
          }
        }
      }
    }
    return differences;
  }

  private Map<Integer, Map<String, @Nullable String>> wanted(Statement session)
      throws SQLException {
    Map<Integer, Map<String, @Nullable String>> rows = new TreeMap<>();
    List<String> casts = types.names().stream().map(name -> name + "::text").toList();
    try (ResultSet row =
        session.executeQuery(
            "SELECT id, " + String.join(", ", casts) + " FROM " + AllTypes.TABLE)) {
      while (row.next()) {
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        for (int i = 0; i < casts.size(); i++) {
          texts.put(types.names().get(i), row.getString(i + 2));
        }
        rows.put(row.getInt(1), texts);
      }
    }
    return rows;
  }

  private static @Nullable String text(TargetRow row, String name, String type) {
    Object value = row.values().get(name);
    if (row.texts().containsKey(name)) {
      return row.texts().get(name);
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    boolean json = List.of("json", "jsonb").contains(type) || type.equals("document");
    try {
      return json && value != null
          ? CanonicalValue.JSON.writeValueAsString(value)
          : value == null ? null : value.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static boolean isFloating(String type) {
    return type.equals("real") || type.equals("double precision");
  }

  private static boolean isEqual(
      Connection connection, String type, @Nullable String wanted, @Nullable String got)
      throws SQLException {
    if (wanted == null || got == null || wanted.equals(got)) {
      return Objects.equals(wanted, got);
    }
    if (type.equals("bytea") || type.equals("bytes")) {
      return got.startsWith("0x") && got.substring(2).equals(wanted.substring(2));
    }
    if (isFloating(type) && wanted.equals("-0")) {
      return got.equals("0"); // the tests look for the sign themselves
    }
    boolean formed = type.startsWith("timestamp") || type.startsWith("numeric");
    if (type.endsWith("[]") || !(formed || FORMED.contains(type))) {
      return false;
    }
    return wanted.equals(readBack(connection, type, got));
  }

  private static String readBack(Connection connection, String type, String got)
      throws SQLException {
    // A document of json is known by its values when it is spelled as jsonb is.
    String cast = type.equals("json") ? "CAST(? AS jsonb)" : "CAST(? AS " + type + ")";
    try (PreparedStatement statement = connection.prepareStatement("SELECT " + cast + "::text")) {
      statement.setString(1, got);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    } catch (SQLException e) {
      return e.getMessage();
    }
  }

  private static String cut(@Nullable String text) {
    return text == null || text.length() < 300
        ? String.valueOf(text)
        : text.substring(0, 300) + "... (" + text.length() + ")";
  }
}
