package io.dynapipe.mapping.transform;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableName;
import io.dynapipe.event.ValueKind;
import io.dynapipe.mapping.expression.Header;
import io.dynapipe.mapping.expression.Scope;
import io.dynapipe.mapping.expression.Value;
import io.dynapipe.mapping.expression.Value.Special;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The row that a stage transforms, as its column operations see it. One thread at a time. */
final class RowContext implements Scope {

  private final TableName table;
  private final DataType[] types;
  private final ColumnIndexes rowIndexes;
  private final ColumnIndexes beforeIndexes;
  private final Cell cell = new Cell();
  private int[] slots = {};
  private RowChange change;
  private Row row;
  private @Nullable Row before;
  private boolean old;

  /**
   * Begins with a change; {@link #begin} sets the next one.
   *
   * @param columns the stage's input
   */
  RowContext(TableName table, List<Column> columns, RowChange change) {
    this.table = table;
    this.types = columns.stream().map(Column::type).toArray(DataType[]::new);
    ColumnNames names = ColumnNames.of(columns.stream().map(Column::name).toList());
    this.rowIndexes = new ColumnIndexes(names);
    this.beforeIndexes = new ColumnIndexes(names);
    this.change = change;
    this.row = change.row();
  }

  /** The new row of a change, or the only one it has. */
  RowContext begin(RowChange newChange, Row newRow, @Nullable Row newBefore) {
    change = newChange;
    row = newRow;
    before = newBefore;
    old = false;
    return this;
  }

  /** The old row of an update. */
  RowContext beginOld(RowChange newChange, Row oldRow) {
    change = newChange;
    row = oldRow;
    before = null;
    old = true;
    return this;
  }

  /** Whether this is the old row of an update: then nothing but the row itself counts. */
  boolean isOld() {
    return old;
  }

  @Override
  public RowOperation operation() {
    return change.operation();
  }

  /** What is to be evaluated next sees these input columns as its own. */
  Scope slots(int[] columns) {
    slots = columns;
    return this;
  }

  /** A cell for whoever writes the present column. */
  Cell cell() {
    return cell;
  }

  /** Copies an input column as it is. */
  void copy(int column, RowBuilder out) {
    int index = rowIndexes.of(row)[column];
    if (index < 0) {
      out.addAbsent();
    } else {
      out.addFrom(row, index);
    }
  }

  ValueKind kind(int column) {
    int index = rowIndexes.of(row)[column];
    return index < 0 ? ValueKind.ABSENT : row.kind(index);
  }

  /** Puts an input column into the cell. */
  Cell load(int column) {
    int index = rowIndexes.of(row)[column];
    cell.set(index < 0 ? ValueKind.ABSENT : row.kind(index), index < 0 ? null : row.text(index));
    return cell;
  }

  /** The same, looked up in the old row when the new one does not tell it. */
  Cell loadKnown(int column) {
    load(column);
    if (cell.kind() == ValueKind.UNCHANGED) {
      loadOld(column);
      if (cell.kind() == ValueKind.ABSENT) {
        cell.set(ValueKind.UNCHANGED, null);
      }
    }
    return cell;
  }

  /** Puts an input column's old value into the cell; ABSENT when it is not told. */
  Cell loadOld(int column) {
    Row oldRow = before;
    int index = oldRow == null ? -1 : beforeIndexes.of(oldRow)[column];
    boolean told =
        oldRow != null
            && index >= 0
            && (oldRow.kind(index).hasValue() || oldRow.kind(index) == ValueKind.NULL);
    cell.set(
        told && oldRow != null ? oldRow.kind(index) : ValueKind.ABSENT,
        told && oldRow != null ? oldRow.text(index) : null);
    return cell;
  }

  @Override
  public Value column(int slot) {
    int column = slots[slot];
    Cell loaded = loadKnown(column);
    return switch (loaded.kind()) {
      case ABSENT -> Special.ABSENT;
      case NULL -> Special.NULL;
      case UNCHANGED -> Special.UNCHANGED;
      case NUMBER -> number(loaded.text(), types[column]);
      case BOOLEAN -> new Value.Truth(loaded.text().equals("true"));
      case TEXT -> text(loaded.text(), types[column]);
    };
  }

  private static Value number(String text, DataType type) {
    return type == DataType.FLOAT || type == DataType.DOUBLE
        ? new Value.Real(Double.parseDouble(text), text)
        : new Value.Exact(new BigDecimal(text), text);
  }

  private static Value text(String text, DataType type) {
    return type == DataType.BINARY && text.startsWith("0x")
        ? new Value.Blob(HexFormat.of().parseHex(text, 2, text.length()), text)
        : new Value.Text(text);
  }

  @Override
  public Value header(Header header) {
    return Headers.value(header, change, table);
  }

  @Override
  public long nowMicros() {
    Origin origin = change.origin();
    return origin.timestampMicros();
  }
}
