package io.dynapipe.mapping;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Extras;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.StreamPosition;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.Transaction;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Events as golden files write them: {@code update id=1, name="x", cv=~ before id=2}. A value is a
 * number, a text in double quotes, true, false, null, {@code ~} (unchanged) or {@code ?} (absent).
 * Columns that are not written are absent.
 */
final class EventScript {

  private static final Pattern VALUE =
      Pattern.compile("\\s*,?\\s*([^\\s=,]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s,]+)");
  private static final Pattern COLUMN = Pattern.compile("(\\S+) (.+?)(| key)");

  /** 2026-11-22T10:20:30.456Z, committed 30 ms before. */
  private static final long MADE = 1_795_342_830_456_000L;

  private EventScript() {}

  /** {@code public.t: id integer key, name text}. */
  static TableSchema schema(String text) {
    String[] halves = text.split(": ", 2);
    List<Column> columns = new ArrayList<>();
    List<String> key = new ArrayList<>();
    for (String definition : halves[1].split(",(?![^(]*\\)) *")) {
      Matcher column = COLUMN.matcher(definition.strip());
      if (!column.matches()) {
        throw new IllegalArgumentException(definition);
      }
      columns.add(column(column.group(1), column.group(2)));
      if (!column.group(3).isEmpty()) {
        key.add(column.group(1));
      }
    }
    return new TableSchema(table(halves[0]), columns, key);
  }

  private static Column column(String name, String type) {
    Matcher modifier = Pattern.compile("[^(]*\\((\\d+)(?:,(\\d+))?\\)").matcher(type);
    Integer size = modifier.matches() ? Integer.valueOf(modifier.group(1)) : null;
    Integer scale =
        modifier.matches() && modifier.group(2) != null ? Integer.valueOf(modifier.group(2)) : null;
    DataType dataType = dataType(type.replaceAll("\\(.*", ""));
    boolean decimal = dataType == DataType.DECIMAL;
    return new Column(
        name,
        dataType,
        decimal ? null : size,
        true,
        type,
        decimal ? size : null,
        decimal ? scale : null);
  }

  private static DataType dataType(String type) {
    return switch (type) {
      case "smallint" -> DataType.INT16;
      case "integer" -> DataType.INT32;
      case "bigint" -> DataType.INT64;
      case "numeric" -> DataType.DECIMAL;
      case "real" -> DataType.FLOAT;
      case "double precision" -> DataType.DOUBLE;
      case "boolean" -> DataType.BOOLEAN;
      case "bytea" -> DataType.BINARY;
      case "date" -> DataType.DATE;
      case "time without time zone" -> DataType.TIME;
      case "timestamp without time zone", "timestamp with time zone" -> DataType.TIMESTAMP;
      default -> DataType.STRING;
    };
  }

  static TableName table(String text) {
    String[] parts = text.strip().split("\\.", 2);
    return new TableName(parts[0], parts[1]);
  }

  /** An event of this table. */
  static ChangeEvent event(String text, TableSchema schema) {
    String word = text.split(" ", 2)[0];
    String rest = text.substring(word.length());
    switch (word) {
      case "load", "insert", "update", "delete" -> {
        String[] rows = rest.split(" before ", 2);
        RowOperation operation = RowOperation.valueOf(word.toUpperCase(Locale.ROOT));
        return new RowChange(
            schema.table(),
            operation,
            row(rows[0], schema.columnNames()),
            rows.length == 1 ? null : row(rows[1], null),
            origin(operation),
            Extras.NONE);
      }
      case "drop-table" -> {
        return TableChange.drop(schema.table(), Origin.at(MADE));
      }
      case "truncate-table" -> {
        return TableChange.truncate(schema.table(), Origin.at(MADE));
      }
      case "rename-table" -> {
        return TableChange.renameTable(table(rest), schema, Origin.at(MADE));
      }
      case "rename-column" -> {
        Map<String, String> renamed = new LinkedHashMap<>();
        String[] names = rest.strip().split(" to ");
        renamed.put(names[0], names[1]);
        return TableChange.renameColumns(renamed, schema, Origin.at(MADE));
      }
      default -> {
        TableOperation operation =
            TableOperation.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        return TableChange.of(operation, schema, Origin.at(MADE));
      }
    }
  }

  private static Origin origin(RowOperation operation) {
    if (operation == RowOperation.LOAD) {
      return Origin.at(MADE);
    }
    Lsn change = Lsn.parse("2/7C007178");
    return new Origin(
        MADE,
        new Transaction(1139, MADE - 30_000, null, null),
        7,
        new StreamPosition(change, 3, Lsn.parse("2/7C007180")));
  }

  private static Row row(String text, ColumnNames columns) {
    Map<String, String> values = new LinkedHashMap<>();
    Matcher value = VALUE.matcher(text);
    int end = 0;
    while (value.find()) {
      values.put(value.group(1), value.group(2));
      end = value.end();
    }
    if (!text.substring(end).isBlank()) {
      throw new IllegalArgumentException("not understood: " + text.substring(end));
    }
    ColumnNames names = columns == null ? ColumnNames.of(List.copyOf(values.keySet())) : columns;
    RowBuilder row = new RowBuilder().begin(names);
    for (String name : names.asList()) {
      add(values.getOrDefault(name, "?"), row);
    }
    return row.build();
  }

  private static void add(String value, RowBuilder row) {
    switch (value) {
      case "?" -> row.addAbsent();
      case "~" -> row.addUnchanged();
      case "null" -> row.addNull();
      case "true", "false" -> row.addBoolean(value.equals("true"));
      default -> {
        if (value.startsWith("\"")) {
          row.addText(
              value.substring(1, value.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\"));
        } else {
          row.addNumber(value);
        }
      }
    }
  }

  /** An event as it is written. */
  static String text(ChangeEvent event) {
    if (event instanceof RowChange change) {
      return change.operation().name().toLowerCase(Locale.ROOT)
          + " "
          + change.table()
          + text(change.row())
          + (change.before() == null ? "" : " before" + text(change.before()));
    }
    TableChange change = (TableChange) event;
    return change.operation().name().toLowerCase(Locale.ROOT).replace('_', '-')
        + " "
        + change.table()
        + (change.previousTable() == null ? "" : " was " + change.previousTable())
        + (change.renamedColumns().isEmpty() ? "" : " renamed " + change.renamedColumns())
        + (change.schema() == null ? "" : ": " + text(change.schema()));
  }

  private static String text(TableSchema schema) {
    List<String> columns = new ArrayList<>();
    for (Column column : schema.columns()) {
      columns.add(
          column.name()
              + " "
              + column.type()
              + (column.length() == null ? "" : "(" + column.length() + ")")
              + (column.precision() == null
                  ? ""
                  : "(" + column.precision() + "," + column.scale() + ")")
              + (schema.primaryKey().contains(column.name()) ? " key" : ""));
    }
    return String.join(", ", columns);
  }

  private static String text(Row row) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      text.append(i == 0 ? " " : ", ").append(row.columns().name(i)).append('=');
      ValueKind kind = row.kind(i);
      text.append(
          switch (kind) {
            case ABSENT -> "?";
            case UNCHANGED -> "~";
            case NULL -> "null";
            case NUMBER, BOOLEAN -> row.text(i);
            case TEXT -> new JsonBuffer(64).string(row.text(i)).toString();
          });
    }
    return text.toString();
  }
}
