package io.dynapipe.sink;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A source table in a test: makes its rows and writes from Java values. Numbers become NUMBER with
 * their {@code toString}, strings TEXT, booleans BOOLEAN, null NULL, and a {@link ValueKind} itself
 * (for ABSENT and UNCHANGED).
 */
public record TestTable(TableSchema schema) {

  private static final Origin ORIGIN = Origin.at(1_700_000_000_000_000L);

  /** A table of {@link SinkContract#SCHEMA} with these columns; the key's columns by name. */
  public static TestTable of(String name, List<String> key, Column... columns) {
    return new TestTable(
        new TableSchema(new TableName(SinkContract.SCHEMA, name), List.of(columns), key));
  }

  /** The walkthrough's table: id, name, age, attributes (jsonb). */
  public static TestTable people() {
    return of(
        "people",
        List.of("id"),
        column("id", DataType.INT32, "int4"),
        column("name", DataType.STRING, "text"),
        column("age", DataType.INT32, "int4"),
        column("attributes", DataType.STRING, "jsonb"));
  }

  /** A table without a key: number and text. */
  public static TestTable log() {
    return of(
        "log",
        List.of(),
        column("level", DataType.INT32, "int4"),
        column("message", DataType.STRING, "text"));
  }

  public static Column column(String name, DataType type, @Nullable String sourceType) {
    return new Column(name, type, null, true, sourceType, null, null);
  }

  public TableName name() {
    return schema.table();
  }

  /** The same table with another list of columns. */
  public TestTable with(Column... columns) {
    return new TestTable(new TableSchema(name(), List.of(columns), schema.primaryKey()));
  }

  /** The same table with one more column. */
  public TestTable plus(Column column) {
    List<Column> columns = new ArrayList<>(schema.columns());
    columns.add(column);
    return with(columns.toArray(new Column[0]));
  }

  /** The same table under another name. */
  public TestTable named(String name) {
    return new TestTable(schema.withTable(new TableName(SinkContract.SCHEMA, name)));
  }

  /** A row in column order. */
  public Row row(@Nullable Object... values) {
    return rowOf(schema.columnNames(), values);
  }

  public static Row rowOf(ColumnNames columns, @Nullable Object... values) {
    RowBuilder row = new RowBuilder().begin(columns);
    for (Object value : values) {
      if (value == null) {
        row.addNull();
      } else if (value instanceof Boolean truth) {
        row.addBoolean(truth);
      } else if (value instanceof Number number) {
        row.addNumber(number.toString());
      } else if (value instanceof ValueKind kind) {
        row.add(kind, new byte[0], 0, 0);
      } else {
        row.addText((String) value);
      }
    }
    return row.build();
  }

  public RowWrite put(@Nullable Object... values) {
    Row row = row(values);
    return RowWrite.put(keyOf(row), row);
  }

  public RowWrite merge(@Nullable Object... values) {
    Row row = row(values);
    return RowWrite.merge(keyOf(row), row);
  }

  /** A delete as DMS tells it: the key's values, NULL for all other columns. */
  public RowWrite delete(Object... key) {
    Object[] values = new Object[schema.columns().size()];
    for (int i = 0; i < key.length; i++) {
      values[schema.columnNames().indexOf(schema.primaryKey().get(i))] = key[i];
    }
    Row row = row(values);
    return RowWrite.delete(keyOf(row), row);
  }

  /** A move of a table whose key is one column. */
  public RowWrite move(Object previousKey, @Nullable Object... values) {
    Row row = row(values);
    RowKey previous =
        Objects.requireNonNull(RowKey.of(rowOf(schema.keyNames(), previousKey), schema.keyNames()));
    return RowWrite.move(previous, keyOf(row), row);
  }

  public RowWrite append(String eventId, @Nullable Object... values) {
    return RowWrite.append(row(values), eventId);
  }

  public RowWrite removeOne(String eventId, @Nullable Object... values) {
    return RowWrite.removeOne(row(values), eventId);
  }

  public TableChange create() {
    return TableChange.create(schema, ORIGIN);
  }

  public TableChange drop() {
    return TableChange.drop(name(), ORIGIN);
  }

  public TableChange truncate() {
    return TableChange.truncate(name(), ORIGIN);
  }

  /** A change whose result is this table. */
  public TableChange change(TableOperation operation) {
    return TableChange.of(operation, schema, ORIGIN);
  }

  /** The event that gives another table this name. */
  public TableChange renamedFrom(TestTable previous) {
    return TableChange.renameTable(previous.name(), schema, ORIGIN);
  }

  /** The event that makes this table by renaming columns. */
  public TableChange renamedColumns(Map<String, String> newByOld) {
    return TableChange.renameColumns(newByOld, schema, ORIGIN);
  }

  /** What a probe has to find when the table holds exactly these rows. */
  public String[] expected(Row... rows) {
    return Arrays.stream(rows)
        .map(row -> CanonicalRow.sent(schema, row))
        .sorted()
        .toArray(String[]::new);
  }

  private RowKey keyOf(Row row) {
    return Objects.requireNonNull(RowKey.of(row, schema.keyNames()), () -> "no key in " + row);
  }
}
