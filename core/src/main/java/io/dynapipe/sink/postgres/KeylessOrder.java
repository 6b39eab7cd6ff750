package io.dynapipe.sink.postgres;

import io.dynapipe.event.Row;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.WriteKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Orders appends and removals so that few statements apply them. Rows of different content do not
 * affect each other, so removals may go before appends, until one removes what an append of the
 * same run has brought.
 */
final class KeylessOrder {

  private KeylessOrder() {}

  /** The writes in runs of one kind; applying the runs in order is applying the writes in order. */
  static List<List<RowWrite>> runs(List<RowWrite> writes) {
    List<List<RowWrite>> runs = new ArrayList<>();
    List<RowWrite> removals = new ArrayList<>();
    List<RowWrite> appends = new ArrayList<>();
    Set<Row> appended = new HashSet<>();
    for (RowWrite write : writes) {
      if (write.kind() == WriteKind.REMOVE_ONE) {
        if (appended.contains(write.row())) {
          flush(runs, removals, appends);
          removals = new ArrayList<>();
          appends = new ArrayList<>();
          appended.clear();
        }
        removals.add(write);
      } else {
        appends.add(write);
        appended.add(write.row());
      }
    }
    flush(runs, removals, appends);
    return runs;
  }

  private static void flush(
      List<List<RowWrite>> runs, List<RowWrite> removals, List<RowWrite> appends) {
    if (!removals.isEmpty()) {
      runs.add(removals);
    }
    if (!appends.isEmpty()) {
      runs.add(appends);
    }
  }
}
