package io.dynapipe.processor;

import io.dynapipe.event.RowChange;
import io.dynapipe.sink.RowWrite;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state that a row is to reach, and the events that lead there, in order. One thread. */
final class PendingRow {

  /** A change with its place in the batch. */
  record Step(int index, RowChange change) {}

  private RowWrite write;
  private final Step first;

  /** Made for the few rows that change twice in a batch. */
  private @Nullable List<Step> all;

  PendingRow(RowWrite write, Step step) {
    this.write = write;
    first = step;
  }

  void advance(RowWrite next, Step step) {
    write = next;
    if (all == null) {
      all = new ArrayList<>();
      all.add(first);
    }
    all.add(step);
  }

  RowWrite write() {
    return write;
  }

  List<Step> steps() {
    return all == null ? List.of(first) : all;
  }
}
