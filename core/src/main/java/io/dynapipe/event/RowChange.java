package io.dynapipe.event;

import org.jspecify.annotations.Nullable;

/**
 * A change of one row.
 *
 * @param row LOAD, INSERT, UPDATE: the new row (columns of kind UNCHANGED keep what the target
 *     has). DELETE: what identifies the old row
 * @param before UPDATE only: old values of the columns that the before image holds; its key columns
 *     are there when the key changed. Null when there is no before image
 */
public record RowChange(
    TableName table,
    RowOperation operation,
    Row row,
    @Nullable Row before,
    Origin origin,
    Extras extras)
    implements ChangeEvent {

  public RowChange {
    if (before != null && operation != RowOperation.UPDATE) {
      throw new IllegalArgumentException("only an update has a before image, not " + operation);
    }
  }

  public static RowChange load(TableName table, Row row, Origin origin) {
    return new RowChange(table, RowOperation.LOAD, row, null, origin, Extras.NONE);
  }

  public static RowChange insert(TableName table, Row row, Origin origin) {
    return new RowChange(table, RowOperation.INSERT, row, null, origin, Extras.NONE);
  }

  public static RowChange update(TableName table, Row row, @Nullable Row before, Origin origin) {
    return new RowChange(table, RowOperation.UPDATE, row, before, origin, Extras.NONE);
  }

  public static RowChange delete(TableName table, Row old, Origin origin) {
    return new RowChange(table, RowOperation.DELETE, old, null, origin, Extras.NONE);
  }
}
