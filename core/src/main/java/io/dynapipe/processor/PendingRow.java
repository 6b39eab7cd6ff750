package io.dynapipe.processor;

import io.dynapipe.event.RowChange;
import io.dynapipe.sink.RowWrite;
import java.util.ArrayList;
import java.util.List;

/** The state that a row is to reach, and the events that lead there, in order. One thread. */
final class PendingRow {

  /** A change with its place in the batch. */
  record Step(int index, RowChange change) {}

  private RowWrite write;
  private final List<Step> steps = new ArrayList<>(1);

  PendingRow(RowWrite write, Step step) {
    this.write = write;
    steps.add(step);
  }

  void advance(RowWrite next, Step step) {
    write = next;
    steps.add(step);
  }

  RowWrite write() {
    return write;
  }

  List<Step> steps() {
    return steps;
  }
}
