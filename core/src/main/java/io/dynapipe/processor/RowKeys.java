package io.dynapipe.processor;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.RowOperation;
import org.jspecify.annotations.Nullable;

/**
 * The key that a change addresses and, when an update changed it, the key before.
 *
 * @param previous null unless the key changed
 */
record RowKeys(RowKey key, @Nullable RowKey previous) {

  /** The keys of a change, or null when it lacks a key column. */
  static @Nullable RowKeys of(RowChange change, ColumnNames keyColumns) {
    RowKey key = RowKey.of(change.row(), keyColumns);
    if (key == null) {
      return null;
    }
    if (change.operation() != RowOperation.UPDATE || change.before() == null) {
      return new RowKeys(key, null);
    }
    // A before image may hold only the key columns that changed.
    RowKey before = RowKey.of(RowMerge.over(change.row(), change.before()), keyColumns);
    return new RowKeys(key, before == null || before.equals(key) ? null : before);
  }
}
