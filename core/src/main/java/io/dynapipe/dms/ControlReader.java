package io.dynapipe.dms;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one record's {@code control}. */
final class ControlReader {

  private final Map<String, String> extras = new LinkedHashMap<>();
  private final Map<String, String> renamedColumns = new LinkedHashMap<>();
  private @Nullable List<Column> columns;
  private List<String> primaryKey = List.of();
  private @Nullable TableName previousTable;

  Map<String, String> extras() {
    return extras;
  }

  /** New name by old name. */
  Map<String, String> renamedColumns() {
    return renamedColumns;
  }

  @Nullable TableName previousTable() {
    return previousTable;
  }

  /** The definition under this name; null when the record came without one. */
  @Nullable TableSchema schema(TableName table) {
    List<Column> known = columns;
    if (known == null) {
      return null;
    }
    try {
      return new TableSchema(table, known, primaryKey);
    } catch (IllegalArgumentException e) {
      throw new Malformed("'control.table-def' contradicts itself: " + e.getMessage());
    }
  }

  /** Reads the object that the parser stands at. */
  void read(JsonParser parser) throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "table-def" -> readTableDef(parser);
        case "previous-table" -> previousTable = readPrevious(parser);
        case "renamed-columns" -> readRenamed(parser);
        default -> keep(name, parser);
      }
    }
  }

  private void readTableDef(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    requireObject("control.table-def", parser);
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "columns" -> columns = readColumns(parser);
        case "primary-key" -> primaryKey = readNames(parser);
        default -> keep(Pointers.join(Pointers.TABLE, name), parser);
      }
    }
    if (columns == null) {
      throw new Malformed("'control.table-def' has no columns");
    }
  }

  private List<Column> readColumns(JsonParser parser) throws IOException {
    requireObject("control.table-def.columns", parser);
    List<Column> read = new ArrayList<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      read.add(readColumn(Unicode.checked(name), parser));
    }
    return read;
  }

  private Column readColumn(String column, JsonParser parser) throws IOException {
    requireObject("the definition of column '" + column + "'", parser);
    DataType type = null;
    Integer length = null;
    boolean nullable = true;
    String sourceType = null;
    Integer precision = null;
    Integer scale = null;
    String pointer = Pointers.column(column);
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "type" -> type = type(column, parser);
        case "length" -> length = integer(pointer, name, parser);
        case "nullable" -> nullable = bool(column, parser);
        case "source-type" -> sourceType = text("source-type", parser);
        case "precision" -> precision = integer(pointer, name, parser);
        case "scale" -> scale = integer(pointer, name, parser);
        default -> keep(Pointers.join(pointer, name), parser);
      }
    }
    if (type == null) {
      throw new Malformed("column '" + column + "' has no type");
    }
    return new Column(column, type, length, nullable, sourceType, precision, scale);
  }

  private static DataType type(String column, JsonParser parser) throws IOException {
    String name = text("type", parser);
    DataType type = WireNames.type(name);
    if (type == null) {
      throw new Malformed(
          "column '" + column + "' has the unknown type '" + name + "'",
          "Types are those of DMS's Parquet mapping, such as INT32, STRING, DECIMAL, TIMESTAMP.");
    }
    return type;
  }

  /**
   * Null when it is null; kept as it is when it does not fit (MySQL has lengths beyond 31 bits).
   */
  private @Nullable Integer integer(String pointer, String name, JsonParser parser)
      throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT) {
      try {
        return Integer.valueOf(parser.getText());
      } catch (NumberFormatException e) {
        // Beyond 32 bits.
      }
    }
    if (token != JsonToken.VALUE_NULL) {
      keep(Pointers.join(pointer, name), parser);
    }
    return null;
  }

  private static boolean bool(String column, JsonParser parser) {
    if (!parser.currentToken().isBoolean()) {
      throw new Malformed("'nullable' of column '" + column + "' is neither true nor false");
    }
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  private static TableName readPrevious(JsonParser parser) throws IOException {
    requireObject("control.previous-table", parser);
    String schema = "";
    String table = "";
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "schema-name" -> schema = text(name, parser);
        case "table-name" -> table = text(name, parser);
        default -> throw new Malformed("'control.previous-table' has the unknown '" + name + "'");
      }
    }
    if (table.isEmpty()) {
      throw new Malformed("'control.previous-table' has no table-name");
    }
    return new TableName(schema, table);
  }

  private void readRenamed(JsonParser parser) throws IOException {
    requireObject("control.renamed-columns", parser);
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      renamedColumns.put(Unicode.checked(name), text("renamed-columns", parser));
    }
  }

  private static List<String> readNames(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new Malformed("'control.table-def.primary-key' is not an array");
    }
    List<String> names = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      names.add(text("primary-key", parser));
    }
    return names;
  }

  private static String text(String what, JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new Malformed("'" + what + "' is not a string");
    }
    return Unicode.checked(parser.getText());
  }

  private static void requireObject(String what, JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new Malformed("'" + what + "' is not an object");
    }
  }

  private void keep(String name, JsonParser parser) throws IOException {
    if (extras.put(Unicode.checked(name), JsonCopy.text(parser)) != null) {
      throw new Malformed("'" + name + "' occurs twice");
    }
  }
}
