package io.dynapipe.task;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.Transaction;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.source.postgres.SlotState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts of a task, by table. Thread-safe. */
public final class TaskStatistics {

  private static final class Captured {
    final LongAdder loads = new LongAdder();
    final LongAdder inserts = new LongAdder();
    final LongAdder updates = new LongAdder();
    final LongAdder deletes = new LongAdder();
    final LongAdder tableChanges = new LongAdder();

    TableCounts sum() {
      return new TableCounts(
          loads.sum(), inserts.sum(), updates.sum(), deletes.sum(), tableChanges.sum(), 0);
    }
  }

  private final Map<TableName, Captured> captured = new ConcurrentHashMap<>();
  private final Map<TableName, TableCounts> applied = new ConcurrentHashMap<>();
  private final Map<TableName, String> suspended = new ConcurrentHashMap<>();
  private final LongAdder unreadable = new LongAdder();
  private volatile long lastCommitMicros;
  private volatile @Nullable SlotState slot;
  private volatile long lastLagMicros;

  void captured(ChangeEvent event) {
    Captured table = of(event.table());
    if (event instanceof RowChange change) {
      switch (change.operation()) {
        case LOAD -> table.loads.increment();
        case INSERT -> table.inserts.increment();
        case UPDATE -> table.updates.increment();
        case DELETE -> table.deletes.increment();
      }
    } else {
      table.tableChanges.increment();
    }
    Transaction transaction = event.origin().transaction();
    if (transaction != null && transaction.commitMicros() != null) {
      long commitMicros = transaction.commitMicros();
      // Once a transaction: the clock is asked at the first of its changes only.
      if (commitMicros != lastCommitMicros) {
        lastLagMicros = Math.max(0, CaptureTask.nowMicros() - commitMicros);
        lastCommitMicros = commitMicros;
      }
    }
  }

  void loaded(TableName table, long rows) {
    of(table).loads.add(rows);
  }

  void suspended(TableName table, String reason) {
    of(table);
    suspended.put(table, reason);
  }

  void resumed(TableName table) {
    suspended.remove(table);
  }

  void slot(SlotState state) {
    slot = state;
  }

  /** The replication slot as the source last told it; null before that and without CDC. */
  public @Nullable SlotState slot() {
    return slot;
  }

  void applied(BatchOutcome outcome) {
    outcome.counts().forEach((table, counts) -> applied.merge(table, counts, TableCounts::plus));
    unreadable.add(outcome.unreadable());
  }

  private Captured of(TableName table) {
    return captured.computeIfAbsent(table, name -> new Captured());
  }

  /** All tables that had any event, by name. */
  public List<TableStatistics> tables() {
    Map<TableName, TableStatistics> all = new TreeMap<>();
    captured.forEach(
        (table, counts) ->
            all.put(
                table,
                new TableStatistics(
                    table,
                    counts.sum(),
                    applied.getOrDefault(table, TableCounts.NONE),
                    suspended.get(table))));
    applied.forEach(
        (table, counts) ->
            all.putIfAbsent(table, new TableStatistics(table, TableCounts.NONE, counts, null)));
    return List.copyOf(all.values());
  }

  public TableCounts capturedTotal() {
    return captured.values().stream()
        .map(Captured::sum)
        .reduce(TableCounts.NONE, TableCounts::plus);
  }

  public TableCounts appliedTotal() {
    return applied.values().stream().reduce(TableCounts.NONE, TableCounts::plus);
  }

  /** Records that were no events. */
  public long unreadable() {
    return unreadable.sum();
  }

  /** How long after its commit the last captured transaction came here, microseconds. */
  public long lastLagMicros() {
    return lastLagMicros;
  }

  /** Commit time of the last captured change, microseconds since 1970; 0 before the first. */
  public long lastCommitMicros() {
    return lastCommitMicros;
  }
}
