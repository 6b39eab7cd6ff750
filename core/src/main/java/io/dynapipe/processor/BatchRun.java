package io.dynapipe.processor;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.processor.PendingRow.Step;
import io.dynapipe.sink.ControlTables;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.StoredRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The work on one batch. One thread, used once. */
final class BatchRun {

  private final List<StoredRecord> batch;
  private final Sink sink;
  private final HeldKeys held;
  private final SetAside setAside;
  private final Map<TableName, TableBatch> pending = new LinkedHashMap<>();
  private final Tally tally = new Tally();
  private int unreadable;

  BatchRun(List<StoredRecord> batch, Sink sink, HeldKeys held, Clock clock) {
    this.batch = new ArrayList<>(batch);
    this.sink = sink;
    this.held = held;
    this.setAside = new SetAside(this.batch, sink.quarantine(), held, clock);
  }

  void unreadable(int index, PipelineException reason) {
    setAside.unreadable(index, SetAside.reason(reason));
    unreadable++;
  }

  /** The record is another than was read. */
  void replace(int index, byte[] data) {
    StoredRecord stored = batch.get(index);
    batch.set(
        index,
        new StoredRecord(
            stored.shard(),
            stored.sequenceNumber(),
            stored.partitionKey(),
            data,
            stored.arrivalMillis()));
  }

  byte[] data(int index) {
    return batch.get(index).data();
  }

  /** Sets a row aside, and all later ones of its key. */
  void refuse(int index, RowChange change, String reason) {
    Step step = new Step(index, change);
    TableSchema schema = sink.schema(change.table());
    if (schema == null) {
      quarantineTable(step, reason);
    } else {
      quarantine(step, RowKeys.of(change, schema.keyNames()), reason);
    }
  }

  /** Whether the row waits for its table's definition; then nothing was done with it. */
  boolean waits(RowChange told, DefinitionWait definitions) {
    TableName table = present(told).table();
    if (pending.containsKey(table) || held.holdsTable(table)) {
      return false;
    }
    if (sink.schema(table) == null) {
      return definitions.waitsFor(table);
    }
    definitions.found(table);
    return false;
  }

  void row(int index, RowChange told) {
    RowChange change = present(told);
    TableName table = change.table();
    if (ControlTables.isControl(table) && sink.passesOver(table)) {
      return;
    }
    if (held.holdsTable(table)) {
      quarantineTable(new Step(index, change), SetAside.BEHIND_TABLE);
      return;
    }
    TableBatch tableBatch = pending.get(table);
    if (tableBatch == null) {
      TableSchema schema = sink.schema(table);
      if (schema == null) {
        // Held as a table: applied after its definition came, it would overtake later rows.
        quarantineTable(new Step(index, change), SetAside.noDefinition(table));
        return;
      }
      tableBatch = new TableBatch(schema.keyNames());
      pending.put(table, tableBatch);
    }
    take(table, tableBatch, new Step(index, change));
  }

  private void take(TableName table, TableBatch tableBatch, Step step) {
    if (!tableBatch.hasKey()) {
      takeKeyless(table, tableBatch, step);
      return;
    }
    RowKeys keys = RowKeys.of(step.change(), tableBatch.keyColumns());
    if (keys == null && ControlTables.isControl(table)) {
      // AWS DMS clears what an earlier run of a task has left there by a part of the key.
      return;
    }
    if (keys == null) {
      quarantine(step, null, SetAside.noKey(tableBatch.keyColumns()));
    } else if (isHeld(table, keys)) {
      quarantine(step, keys, SetAside.BEHIND_KEY);
    } else {
      offer(table, tableBatch, keys, step);
    }
  }

  private void offer(TableName table, TableBatch tableBatch, RowKeys keys, Step step) {
    if (!tableBatch.offer(keys, step)) {
      flush(table);
      if (isHeld(table, keys)) {
        quarantine(step, keys, SetAside.BEHIND_KEY);
        return;
      }
      tableBatch.offer(keys, step);
    }
    if (tableBatch.mustFlush()) {
      flush(table);
    }
  }

  private void takeKeyless(TableName table, TableBatch tableBatch, Step step) {
    List<RowWrite> writes = KeylessWrites.of(step.change(), batch.get(step.index()));
    if (writes.isEmpty()) {
      quarantine(step, null, SetAside.noOldRow(table));
    }
    for (RowWrite write : writes) {
      tableBatch.add(write, step);
    }
  }

  private boolean isHeld(TableName table, RowKeys keys) {
    return held.holdsKey(table, keys.key())
        || (keys.previous() != null && held.holdsKey(table, keys.previous()));
  }

  void table(int index, TableChange told) {
    TableChange change = present(told);
    if (ControlTables.isControl(change.table()) && sink.passesOver(change.table())) {
      return;
    }
    flush(change.table());
    if (change.previousTable() != null) {
      flush(change.previousTable());
    }
    if (held.holdsTable(change.table())) {
      setAside.tableChange(index, change, SetAside.BEHIND_TABLE);
      tally.quarantined(change.table(), index);
      return;
    }
    try {
      sink.apply(change);
      tally.tableChange(change.table());
    } catch (PipelineException failure) {
      rethrowUnlessPermanent(failure);
      setAside.tableChange(index, change, SetAside.reason(failure));
      tally.quarantined(change.table(), index);
    }
    pending.remove(change.table());
    if (change.previousTable() != null) {
      pending.remove(change.previousTable());
    }
  }

  /** The change, of the table that had the name then. */
  private RowChange present(RowChange told) {
    TableName table = sink.tableAt(told.table(), told.origin().timestampMicros());
    return table.equals(told.table())
        ? told
        : new RowChange(
            table, told.operation(), told.row(), told.before(), told.origin(), told.extras());
  }

  private TableChange present(TableChange told) {
    TableName table = sink.tableAt(told.table(), told.origin().timestampMicros());
    if (told.operation() == TableOperation.RENAME_TABLE || table.equals(told.table())) {
      return told;
    }
    TableSchema schema = told.schema();
    return new TableChange(
        table,
        told.operation(),
        schema == null ? null : schema.withTable(table),
        null,
        told.renamedColumns(),
        told.origin(),
        told.extras());
  }

  private void flush(TableName table) {
    TableBatch tableBatch = pending.get(table);
    if (tableBatch == null || tableBatch.size() == 0) {
      return;
    }
    List<PendingRow> rows = new ArrayList<>(tableBatch.pending());
    List<RowWrite> writes = new ArrayList<>(rows.size());
    rows.forEach(row -> writes.add(row.write()));
    try {
      List<RowFailure> failures = sink.write(table, writes);
      tally.applied(table, failures.isEmpty() ? rows : settle(table, tableBatch, rows, failures));
    } catch (PipelineException failure) {
      rethrowUnlessPermanent(failure);
      rows.stream()
          .flatMap(row -> row.steps().stream())
          .distinct()
          .forEach(step -> quarantineTable(step, SetAside.reason(failure)));
    }
    tableBatch.clear();
  }

  /**
   * Deals with the writes that failed.
   *
   * @return the rows that did not
   */
  private Collection<PendingRow> settle(
      TableName table, TableBatch tableBatch, List<PendingRow> rows, List<RowFailure> failures) {
    IdentityHashMap<RowWrite, PendingRow> byWrite = new IdentityHashMap<>();
    rows.forEach(row -> byWrite.put(row.write(), row));
    for (RowFailure failure : failures) {
      PendingRow failed = byWrite.remove(failure.write());
      if (failed == null) {
        throw new IllegalStateException("the sink failed a write it was not given: " + failure);
      }
      settle(table, tableBatch.keyColumns(), failed, failure.reason());
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

  private void quarantine(Step step, @Nullable RowKeys keys, String reason) {
    setAside.row(step, keys, reason);
    tally.quarantined(step.change().table(), step.index());
  }

  private void quarantineTable(Step step, String reason) {
    setAside.tableOf(step, reason);
    tally.quarantined(step.change().table(), step.index());
  }

  void finish() {
    List.copyOf(pending.keySet()).forEach(this::flush);
    setAside.flush();
  }

  /** Other shards' readers may have changed tables and quarantine. */
  void forget() {
    pending.clear();
    sink.forgetTables();
    held.forget();
    held.refresh();
  }

  private static void rethrowUnlessPermanent(PipelineException failure) {
    if (failure.kind() != PipelineException.Kind.PERMANENT) {
      throw failure;
    }
  }

  /** What was before is durable, and this record and all behind it wait. */
  BatchOutcome waits(int index, String reason) {
    finish();
    return new BatchOutcome(
        index,
        tally.counts(),
        unreadable,
        setAside.entries(),
        batch.get(index).sequenceNumber(),
        PipelineException.retryable(reason, null),
        true);
  }

  BatchOutcome complete() {
    return new BatchOutcome(
        batch.size(), tally.counts(), unreadable, setAside.entries(), null, null);
  }

  BatchOutcome failed(PipelineException failure) {
    held.forget();
    // What was applied before the failure is applied again with the rest: harmless, and simpler
    // than to know which of the compacted rows had made it.
    return new BatchOutcome(
        batch.size(), Map.of(), 0, List.of(), batch.get(0).sequenceNumber(), failure);
  }
}
