package io.dynapipe.processor;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.TableName;
import io.dynapipe.processor.PendingRow.Step;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of rows that a sink can never take. One thread, used for one batch. */
final class FailedRows {

  private final Sink sink;
  private final SetAside setAside;
  private final Tally tally;

  FailedRows(Sink sink, SetAside setAside, Tally tally) {
    this.sink = sink;
    this.setAside = setAside;
    this.tally = tally;
  }

  /**
   * Deals with the writes that failed.
   *
   * @return the rows that did not
   */
  Collection<PendingRow> settle(
      TableName table, ColumnNames keyColumns, List<PendingRow> rows, List<RowFailure> failures) {
    IdentityHashMap<RowWrite, PendingRow> byWrite = new IdentityHashMap<>();
    rows.forEach(row -> byWrite.put(row.write(), row));
    for (RowFailure failure : failures) {
      PendingRow failed = byWrite.remove(failure.write());
      if (failed == null) {
        throw new IllegalStateException("the sink failed a write it was not given: " + failure);
      }
      settle(table, keyColumns, failed, failure.reason());
    }
    return byWrite.values();
  }

  /**
   * A compacted write failed for good. Its events are applied one by one up to the bad one, so that
   * the target has the last good state; the bad one and those after it are set aside.
   */
  private void settle(TableName table, ColumnNames keyColumns, PendingRow failed, String reason) {
    if (failed.steps().size() == 1) {
      Step only = failed.steps().get(0);
      quarantine(only, RowKeys.of(only.change(), keyColumns), reason);
      return;
    }
    String behind = null;
    for (Step step : failed.steps()) {
      if (behind == null) {
        behind = applyAlone(table, keyColumns, step);
      } else {
        quarantine(step, RowKeys.of(step.change(), keyColumns), SetAside.BEHIND_KEY);
      }
    }
  }

  /** Null when the event was applied, else why not (and it is set aside). */
  private @Nullable String applyAlone(TableName table, ColumnNames keyColumns, Step step) {
    RowKeys keys = RowKeys.of(step.change(), keyColumns);
    TableBatch alone = new TableBatch(keyColumns);
    if (keys == null || !alone.offer(keys, step)) {
      throw new IllegalStateException("an event that was compacted cannot be applied: " + step);
    }
    List<RowWrite> writes = alone.pending().stream().map(PendingRow::write).toList();
    List<RowFailure> failures = sink.write(table, writes);
    if (failures.isEmpty()) {
      tally.applied(table, step);
      return null;
    }
    quarantine(step, keys, failures.get(0).reason());
    return failures.get(0).reason();
  }

  /** Sets an event of a row aside, and so all later ones of its key. */
  void quarantine(Step step, @Nullable RowKeys keys, String reason) {
    setAside.row(step, keys, reason);
    tally.quarantined(step.change().table(), step.index());
  }
}
