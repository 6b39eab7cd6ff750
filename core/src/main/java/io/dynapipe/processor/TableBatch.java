package io.dynapipe.processor;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowKey;
import io.dynapipe.processor.PendingRow.Step;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.WriteKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The changes of one table since the last flush, compacted per key to the last state. One thread.
 *
 * <p>A change that does not combine with what its key already has (see {@link #offer}) asks for a
 * flush first; that is rare: a column kept by an update after a delete, or a key changed by an
 * update that keeps a column whose value only the target knows.
 */
final class TableBatch {

  private final ColumnNames keyColumns;
  private final Map<RowKey, PendingRow> byKey = new LinkedHashMap<>();
  private final List<PendingRow> keyless = new ArrayList<>();
  private int rows;
  private boolean movePending;

  TableBatch(ColumnNames keyColumns) {
    this.keyColumns = keyColumns;
  }

  boolean hasKey() {
    return keyColumns.size() > 0;
  }

  ColumnNames keyColumns() {
    return keyColumns;
  }

  /** Changes taken since the last flush. */
  int size() {
    return rows;
  }

  /** Takes a change of a table without key. */
  void add(RowWrite write, Step step) {
    keyless.add(new PendingRow(write, step));
    rows++;
  }

  /**
   * Takes a change of a keyed table.
   *
   * @return false when what is pending has to be flushed first; then offer it again
   */
  boolean offer(RowKeys keys, Step step) {
    RowChange change = step.change();
    boolean taken =
        switch (change.operation()) {
          case LOAD, INSERT, UPDATE ->
              keys.previous() == null
                  ? offerRow(keys.key(), change.row(), step)
                  : offerKeyChange(keys.key(), keys.previous(), change.row(), step);
          case DELETE -> set(keys.key(), RowWrite.delete(keys.key(), change.row()), step);
        };
    rows += taken ? 1 : 0;
    return taken;
  }

  private boolean offerRow(RowKey key, Row row, Step step) {
    if (!RowMerge.isPartial(row)) {
      return set(key, RowWrite.put(key, row), step);
    }
    PendingRow pending = byKey.get(key);
    if (pending == null) {
      return set(key, RowWrite.merge(key, row), step);
    }
    Row merged = RowMerge.over(pending.write().row(), row);
    return switch (pending.write().kind()) {
      case PUT -> set(key, RowWrite.put(key, merged), step);
      case MERGE -> set(key, RowWrite.merge(key, merged), step);
      case DELETE, MOVE, APPEND, REMOVE_ONE -> false;
    };
  }

  private boolean offerKeyChange(RowKey key, RowKey previous, Row row, Step step) {
    PendingRow old = byKey.get(previous);
    Row full = row;
    if (RowMerge.isPartial(row)) {
      if (old == null || old.write().kind() != WriteKind.PUT) {
        return offerMove(key, previous, row, step);
      }
      full = RowMerge.over(old.write().row(), row);
    }
    set(previous, RowWrite.delete(previous, previous.values()), step);
    return set(key, RowWrite.put(key, full), step);
  }

  private boolean offerMove(RowKey key, RowKey previous, Row row, Step step) {
    if (rows > 0) {
      return false;
    }
    movePending = true;
    return set(key, RowWrite.move(previous, key, row), step);
  }

  private boolean set(RowKey key, RowWrite write, Step step) {
    PendingRow pending = byKey.get(key);
    if (pending == null) {
      byKey.put(key, new PendingRow(write, step));
    } else {
      pending.advance(write, step);
    }
    return true;
  }

  /** Whether a MOVE is pending: it reads the target, so nothing else may join it. */
  boolean mustFlush() {
    return movePending;
  }

  /** What is pending, keyless rows first, each in the order of its first change. */
  Collection<PendingRow> pending() {
    List<PendingRow> all = new ArrayList<>(keyless);
    all.addAll(byKey.values());
    return all;
  }

  /** Whether no row of one is a row of the other, so that their order does not matter. */
  boolean isApartFrom(TableBatch other) {
    if (!keyless.isEmpty() || !other.keyless.isEmpty()) {
      return false;
    }
    for (RowKey key : byKey.keySet()) {
      if (other.byKey.containsKey(key)) {
        return false;
      }
    }
    return true;
  }

  void clear() {
    byKey.clear();
    keyless.clear();
    rows = 0;
    movePending = false;
  }
}
