package io.dynapipe.mapping.transform;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;

/**
 * Where a stage's input columns are in a row. Rows usually share one {@link ColumnNames}, so that
 * the lookup is made once. One thread at a time.
 */
final class ColumnIndexes {

  private final ColumnNames wanted;
  private ColumnNames last;
  private int[] indexes;

  ColumnIndexes(ColumnNames wanted) {
    this.wanted = wanted;
    this.last = wanted;
    this.indexes = lookUp(wanted);
  }

  /** For each wanted column its index in the row, or -1. */
  @SuppressWarnings("ReferenceEquality") // the same names in another object are only slower
  int[] of(Row row) {
    if (row.columns() != last) {
      last = row.columns();
      indexes = lookUp(last);
    }
    return indexes;
  }

  private int[] lookUp(ColumnNames names) {
    int[] found = new int[wanted.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = names.indexOf(wanted.name(i));
    }
    return found;
  }
}
