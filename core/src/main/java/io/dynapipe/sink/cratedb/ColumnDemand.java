package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.TableName;
import io.dynapipe.event.ValueKind;
import io.dynapipe.sink.RowWrite;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the columns that rows need and a table lacks, and the type each is to have. A column is
 * made before the first value goes into it, since CrateDB would guess from that value alone.
 */
final class ColumnDemand {

  private final OpenTable table;
  private final TableName source;
  private final CreateTable create;

  ColumnDemand(OpenTable table, TableName source, CreateTable create) {
    this.table = table;
    this.source = source;
    this.create = create;
  }

  /** Whether no row brings a column that the table lacks. Cheap: one look per shape. */
  @SuppressWarnings("ReferenceEquality") // Rows of one shape share their names.
  boolean isMet(List<RowWrite> writes) {
    ColumnNames last = null;
    Set<String> lacking = Set.of();
    for (RowWrite write : writes) {
      Row row = write.row();
      if (row.columns() != last) {
        last = row.columns();
        lacking = lacking(last);
      }
      for (String name : lacking) {
        if (row.kind(name).hasValue()) {
          return false;
        }
      }
    }
    return true;
  }

  private Set<String> lacking(ColumnNames columns) {
    Set<String> names = new HashSet<>();
    for (String name : columns.asList()) {
      if (isLacking(name)) {
        names.add(name);
      }
    }
    return names;
  }

  private boolean isLacking(String name) {
    CrateType type = table.target().type(name);
    boolean placed = type != null && !isUndefined(type);
    boolean keyOnly = !table.target().keyInData() && table.target().isKey(name);
    return !placed && !keyOnly && !table.auxOnly().contains(name);
  }

  private static boolean isUndefined(CrateType type) {
    CrateType element = type.element();
    return type.kind() == CrateType.Kind.UNDEFINED || (element != null && isUndefined(element));
  }

  /** Types by name for all lacking columns that can have one and of which a value is there. */
  Map<String, CrateType> missing(List<RowWrite> writes) {
    Map<String, CrateType> types = new LinkedHashMap<>();
    for (RowWrite write : writes) {
      Row row = write.row();
      for (int i = 0; i < row.size(); i++) {
        String name = row.columns().name(i);
        if (row.kind(i).hasValue() && !types.containsKey(name) && isLacking(name)) {
          CrateType type = type(name, row, i);
          if (type != null) {
            types.put(name, type);
          }
        }
      }
    }
    return types;
  }

  /**
   * Lacking columns that never get a place.
   *
   * @param ddl whether columns may be added at all
   */
  Set<String> homeless(List<RowWrite> writes, boolean ddl) {
    Set<String> names = new HashSet<>();
    for (RowWrite write : writes) {
      Row row = write.row();
      for (int i = 0; i < row.size(); i++) {
        String name = row.columns().name(i);
        if (row.kind(i).hasValue() && isLacking(name) && (!ddl || type(name, row, i) == null)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private @Nullable CrateType type(String name, Row row, int index) {
    Column column = table.source() == null ? null : table.source().column(name);
    boolean object = table.target().objectData();
    boolean aux = table.target().aux() == TargetTable.AuxPlace.COLUMN;
    if (column != null && !CrateTypes.isUndecided(column)) {
      return create.place(source, column, object, aux);
    }
    Column guess = Column.of(name, io.dynapipe.event.DataType.STRING);
    boolean refused =
        object
            ? CrateNames.refusedInObject(name) || name.equals(TargetTable.AUX_MEMBER)
            : CrateNames.refusedAsColumn(name) || name.equals("aux") || name.equals("pk");
    if (refused) {
      return null;
    }
    return create.isJson(source, guess) ? CrateType.OBJECT_IGNORED : byValue(row, index);
  }

  /** The type for a column that nobody declared, by its first value. */
  private static CrateType byValue(Row row, int index) {
    ValueKind kind = row.kind(index);
    return switch (kind) {
      case BOOLEAN -> CrateType.BOOLEAN;
      // DMS prints a double of 55.0 as 55: an integer's look proves nothing.
      case NUMBER -> CrateType.DOUBLE;
      default ->
          JsonEncoder.isObject(row.bytes(), row.start(index), row.length(index))
              ? CrateType.OBJECT_IGNORED
              : CrateType.TEXT;
    };
  }
}
