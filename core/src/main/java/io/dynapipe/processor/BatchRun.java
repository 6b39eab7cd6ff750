package io.dynapipe.processor;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.processor.PendingRow.Step;
import io.dynapipe.sink.ControlTables;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.StoredRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The work on one batch. One thread, used once. Its last rows may be on their way to the sink while
 * the next batch is compacted; rows of that one follow at once if none has a key of these, else
 * when these are durable.
 */
final class BatchRun implements BatchProcessor.Running {

  /** Rows of a table on their way. */
  private record Begun(TableBatch rows, List<PendingRow> pending, Sink.Begun writing) {}

  private final List<StoredRecord> batch;
  private final Sink sink;
  private final HeldKeys held;
  private final SetAside setAside;
  private final Map<TableName, TableBatch> pending = new LinkedHashMap<>();
  private final Map<TableName, Begun> begun = new LinkedHashMap<>();
  private final Tally tally = new Tally();
  private final FailedRows failed;
  private final NamesNow names;
  private int unreadable;
  private @Nullable BatchRun before;
  private @Nullable BatchOutcome outcome;

  /**
   * A run.
   *
   * @param before the run of the batch before, which need not have ended; or null
   */
  BatchRun(
      List<StoredRecord> batch, Sink sink, HeldKeys held, Clock clock, @Nullable BatchRun before) {
    this.batch = new ArrayList<>(batch);
    this.before = before;
    this.sink = sink;
    this.held = held;
    this.setAside = new SetAside(this.batch, sink.quarantine(), held, clock);
    this.failed = new FailedRows(sink, setAside, tally);
    this.names = new NamesNow(sink);
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
      failed.quarantine(step, RowKeys.of(change, schema.keyNames()), reason);
    }
  }

  /** Whether the row waits for its table's definition; then nothing was done with it. */
  boolean waits(RowChange told, DefinitionWait definitions) {
    RowChange change = names.now(told);
    if (change == null) {
      return false;
    }
    TableName table = change.table();
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
    RowChange change = names.now(told);
    if (change == null) {
      return;
    }
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
      failed.quarantine(step, null, SetAside.noKey(tableBatch.keyColumns()));
    } else if (isHeld(table, keys)) {
      failed.quarantine(step, keys, SetAside.BEHIND_KEY);
    } else {
      offer(table, tableBatch, keys, step);
    }
  }

  private void offer(TableName table, TableBatch tableBatch, RowKeys keys, Step step) {
    if (!tableBatch.offer(keys, step)) {
      flush(table);
      if (isHeld(table, keys)) {
        failed.quarantine(step, keys, SetAside.BEHIND_KEY);
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
      failed.quarantine(step, null, SetAside.noOldRow(table));
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
    TableChange change = names.now(told);
    if (change == null) {
      return;
    }
    if (ControlTables.isControl(change.table()) && sink.passesOver(change.table())) {
      return;
    }
    endBefore();
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

  private void flush(TableName table) {
    TableBatch tableBatch = pending.get(table);
    if (tableBatch != null && tableBatch.size() > 0) {
      endBefore();
      begin(table, tableBatch);
      end(table);
    }
  }

  private void begin(TableName table, TableBatch tableBatch) {
    List<PendingRow> rows = new ArrayList<>(tableBatch.pending());
    List<RowWrite> writes = new ArrayList<>(rows.size());
    rows.forEach(row -> writes.add(row.write()));
    Sink.Begun writing;
    try {
      writing = sink.begin(table, writes);
    } catch (PipelineException failure) {
      rethrowUnlessPermanent(failure);
      writing =
          () -> {
            throw failure;
          };
    }
    begun.put(table, new Begun(tableBatch, rows, writing));
  }

  private void end(TableName table) {
    Begun ending = begun.remove(table);
    if (ending == null) {
      return;
    }
    List<PendingRow> rows = ending.pending();
    try {
      List<RowFailure> failures = ending.writing().await();
      tally.applied(
          table,
          failures.isEmpty()
              ? rows
              : failed.settle(table, ending.rows().keyColumns(), rows, failures));
    } catch (PipelineException failure) {
      rethrowUnlessPermanent(failure);
      rows.stream()
          .flatMap(row -> row.steps().stream())
          .distinct()
          .forEach(step -> quarantineTable(step, SetAside.reason(failure)));
    }
    ending.rows().clear();
  }

  private void quarantineTable(Step step, String reason) {
    setAside.tableOf(step, reason);
    tally.quarantined(step.change().table(), step.index());
  }

  /** Makes all so far durable. */
  void finish() {
    begin();
    awaitBefore();
    List.copyOf(begun.keySet()).forEach(this::end);
    setAside.flush();
  }

  /** Starts to write what is pending. */
  void begin() {
    if (before != null && !isApartFrom(before)) {
      endBefore();
    }
    pending.forEach(
        (table, rows) -> {
          if (rows.size() > 0 && !begun.containsKey(table)) {
            begin(table, rows);
          }
        });
  }

  /** Whether it does not matter which of the two batches' rows are written first. */
  private boolean isApartFrom(BatchRun other) {
    return pending.entrySet().stream()
        .allMatch(
            entry -> {
              Begun theirs = other.begun.get(entry.getKey());
              return theirs == null || entry.getValue().isApartFrom(theirs.rows());
            });
  }

  private @Nullable BatchRun awaitBefore() {
    BatchRun previous = before;
    before = null;
    if (previous != null && !previous.end().complete()) {
      throw PipelineException.retryable("the batch before was not applied", null);
    }
    return previous;
  }

  /** To be called before the first thing that must not overtake the batch before. */
  private void endBefore() {
    BatchRun previous = awaitBefore();
    if (previous != null && !previous.setAside.entries().isEmpty()) {
      throw new Outdated();
    }
  }

  /**
   * Keys were held by the batch before after rows of them had been taken here: nothing has been
   * written, and this batch has to be looked at again.
   */
  static final class Outdated extends RuntimeException {
    private static final long serialVersionUID = 1;

    Outdated() {
      super("the batch before has set records aside", null, false, false);
    }
  }

  @Override
  public BatchOutcome end() {
    if (outcome == null) {
      try {
        finish();
        outcome = complete();
      } catch (PipelineException failure) {
        outcome = failed(failure);
      }
    }
    return outcome;
  }

  /** Other shards' readers may have changed tables and quarantine. */
  void forget() {
    endBefore();
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

  /** Makes what was before durable; this record and all behind it wait. */
  void waits(int index, String reason) {
    finish();
    outcome =
        new BatchOutcome(
            index,
            tally.counts(),
            unreadable,
            setAside.entries(),
            batch.get(index).sequenceNumber(),
            PipelineException.retryable(reason, null),
            true);
  }

  private BatchOutcome complete() {
    return new BatchOutcome(
        batch.size(), tally.counts(), unreadable, setAside.entries(), null, null);
  }

  /** Ends the run without success, with nothing on its way. */
  BatchOutcome failed(PipelineException failure) {
    begun.values().forEach(BatchRun::abandon);
    begun.clear();
    before = null;
    held.forget();
    // What was applied before the failure is applied again with the rest: harmless, and simpler
    // than to know which of the compacted rows had made it.
    outcome =
        new BatchOutcome(
            batch.size(), Map.of(), 0, List.of(), batch.get(0).sequenceNumber(), failure);
    return outcome;
  }

  private static void abandon(Begun writing) {
    try {
      writing.writing().await();
    } catch (PipelineException e) {
      // All of the batch is written again.
    }
  }
}
