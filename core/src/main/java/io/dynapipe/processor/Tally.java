package io.dynapipe.processor;

import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableName;
import io.dynapipe.processor.PendingRow.Step;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Counts what became of a batch's events, each once. One thread, used for one batch. */
final class Tally {

  private final Map<TableName, TableCounts> counts = new HashMap<>();

  /** Events that were counted: a change of a key is a step of two rows. */
  private final BitSet settled = new BitSet();

  /** By table. */
  Map<TableName, TableCounts> counts() {
    return counts;
  }

  void applied(TableName table, Collection<PendingRow> rows) {
    Map<RowOperation, Integer> numbers = new EnumMap<>(RowOperation.class);
    for (PendingRow row : rows) {
      for (Step step : row.steps()) {
        if (isNew(step.index())) {
          numbers.merge(step.change().operation(), 1, Integer::sum);
        }
      }
    }
    numbers.forEach((operation, number) -> add(table, TableCounts.of(operation, number)));
  }

  void applied(TableName table, Step step) {
    if (isNew(step.index())) {
      add(table, TableCounts.of(step.change().operation(), 1));
    }
  }

  void quarantined(TableName table, int index) {
    if (isNew(index)) {
      add(table, TableCounts.ONE_QUARANTINED);
    }
  }

  void tableChange(TableName table) {
    add(table, TableCounts.ONE_TABLE_CHANGE);
  }

  private boolean isNew(int index) {
    boolean counted = settled.get(index);
    settled.set(index);
    return !counted;
  }

  private void add(TableName table, TableCounts more) {
    counts.merge(table, more, TableCounts::plus);
  }
}
