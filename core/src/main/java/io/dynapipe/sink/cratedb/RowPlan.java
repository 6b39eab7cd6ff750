package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.cratedb.TargetTable.KeyColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known before the first row of a shape is written: for each of the row's columns its
 * prepared name and its encoder. Immutable, thread-safe.
 */
final class RowPlan {

  /**
   * One column of the rows.
   *
   * @param encoder null when the table has no place for the column
   * @param inData whether the column belongs to {@code data} or has a column of its own
   */
  record Slot(Member member, @Nullable ValueEncoder encoder, boolean inData) {}

  /** A member's name and colon as JSON, ready to be copied. */
  static final class Member {
    private final byte[] json;

    Member(String name) {
      json = new JsonBuffer(64).string(name).raw(':').toBytes();
    }

    JsonBuffer appendTo(JsonBuffer out) {
      return out.raw(json);
    }
  }

  /** One part of the key, in the order of the table's primary key. */
  record KeySlot(KeyColumn part, Member member, ValueEncoder encoder) {}

  private final TargetTable table;
  private final ColumnNames columns;
  private final List<Slot> slots;
  private final List<KeySlot> keys;
  private final List<String> placed;
  private final List<String> absent;

  RowPlan(TargetTable table, ColumnNames columns, @Nullable TableSchema source) {
    this.table = table;
    this.columns = columns;
    this.slots = new ArrayList<>(columns.size());
    this.placed = new ArrayList<>();
    for (String name : columns.asList()) {
      CrateType type = table.type(name);
      boolean own = table.keyStyle() == TargetTable.KeyStyle.COLUMNS && table.isKey(name);
      boolean inData = table.keyInData() || !table.isKey(name);
      ValueEncoder encoder =
          type == null
              ? null
              : own
                  ? ValueEncoders.key(type, column(source, name))
                  : ValueEncoders.of(type, column(source, name));
      slots.add(new Slot(new Member(name), encoder, inData));
      if (encoder != null) {
        placed.add(name);
      }
    }
    this.absent =
        table.columns().keySet().stream()
            .filter(name -> columns.indexOf(name) < 0)
            .filter(name -> source != null && source.column(name) != null)
            .sorted()
            .toList();
    this.keys =
        table.key().stream()
            .map(
                part ->
                    new KeySlot(
                        part,
                        new Member(part.member()),
                        ValueEncoders.key(part.type(), column(source, part.source()))))
            .toList();
  }

  /** A column's definition; one that nobody told holds whatever its values are. */
  private static Column column(@Nullable TableSchema source, String name) {
    Column column = source == null ? null : source.column(name);
    return column == null ? Column.of(name, DataType.STRING) : column;
  }

  TargetTable table() {
    return table;
  }

  ColumnNames columns() {
    return columns;
  }

  Slot slot(int column) {
    return slots.get(column);
  }

  List<KeySlot> keys() {
    return keys;
  }

  /** The rows' columns that the table has a place for, in the rows' order. */
  List<String> placed() {
    return placed;
  }

  /** The placed columns of which a row tells a value or NULL. */
  List<String> told(Row row) {
    return placed.stream()
        .filter(name -> row.kind(name).hasValue() || row.kind(name) == ValueKind.NULL)
        .toList();
  }

  /** The columns of an insert of whole rows: what rows have, and NULL for the rest. */
  List<String> written() {
    List<String> all = new ArrayList<>(placed);
    all.addAll(absent);
    return all;
  }

  /** Columns of source and table that the rows do not have; a whole row has NULL there. */
  List<String> absent() {
    return absent;
  }
}
