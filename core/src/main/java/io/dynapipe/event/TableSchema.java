package io.dynapipe.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table's definition at the source. Immutable.
 *
 * @param primaryKey names of the key's columns, in key order; empty when there is no key
 */
public record TableSchema(TableName table, List<Column> columns, List<String> primaryKey) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException when a column occurs twice or the key names no column
   */
  public TableSchema {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    ColumnNames names = ColumnNames.of(columns.stream().map(Column::name).toList());
    for (String key : primaryKey) {
      if (names.indexOf(key) < 0) {
        throw new IllegalArgumentException(
            "primary key column '" + key + "' of " + table + " is not among its columns " + names);
      }
    }
  }

  public ColumnNames columnNames() {
    return ColumnNames.of(columns.stream().map(Column::name).toList());
  }

  public ColumnNames keyNames() {
    return ColumnNames.of(primaryKey);
  }

  /** The column of this name, or null. */
  public @Nullable Column column(String name) {
    for (Column column : columns) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    return null;
  }

  public boolean hasPrimaryKey() {
    return !primaryKey.isEmpty();
  }

  /** The same definition under another table name. */
  public TableSchema withTable(TableName name) {
    return new TableSchema(name, columns, primaryKey);
  }
}
