package io.dynapipe.task;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.MemorySchemaHistory;
import io.dynapipe.source.postgres.SchemaHistory;
import io.dynapipe.source.postgres.VisibleTransactions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Progress of a capture that nobody will resume. */
public final class TransientProgress implements CaptureProgress {

  private final String slot;
  private final Set<LoadRange> loaded = new HashSet<>();
  private final Set<TableName> prepared = new HashSet<>();
  private final Map<Long, VisibleTransactions> later = new HashMap<>();
  private final Map<TableName, String> suspended = new HashMap<>();
  private final Set<TableName> owed = new HashSet<>();
  private final SchemaHistory history = new MemorySchemaHistory();
  private @Nullable VisibleTransactions first;
  private Phase phase;
  private Lsn position = Lsn.NONE;

  /** A capture that begins with this phase. */
  public TransientProgress(String slot, Phase phase) {
    this.slot = slot;
    this.phase = phase;
  }

  @Override
  public synchronized Phase phase() {
    return phase;
  }

  @Override
  public String slot() {
    return slot;
  }

  @Override
  public synchronized Lsn position() {
    return position;
  }

  @Override
  public synchronized void enter(Phase next, Lsn at) {
    phase = next;
    position = position.max(at);
  }

  @Override
  public synchronized void beginLoad(Lsn at, VisibleTransactions shown) {
    enter(Phase.FULL_LOAD, at);
    first = shown;
  }

  @Override
  public synchronized @Nullable VisibleTransactions firstSnapshot() {
    return first;
  }

  @Override
  public synchronized void loadsLater(long oid, VisibleTransactions shown) {
    later.put(oid, shown);
  }

  @Override
  public synchronized Map<Long, VisibleTransactions> laterLoads() {
    return Map.copyOf(later);
  }

  @Override
  public SchemaHistory history() {
    return history;
  }

  @Override
  public synchronized void reached(Lsn at) {
    position = position.max(at);
  }

  @Override
  public synchronized Set<LoadRange> loaded() {
    return Set.copyOf(loaded);
  }

  @Override
  public synchronized Set<TableName> prepared() {
    return Set.copyOf(prepared);
  }

  @Override
  public synchronized void tablePrepared(TableName table) {
    prepared.add(table);
  }

  @Override
  public synchronized void rangeLoaded(LoadRange range, long rows, long bytes) {
    loaded.add(range);
  }

  @Override
  public synchronized void suspend(TableName table, String reason) {
    suspended.put(table, reason);
  }

  @Override
  public synchronized void resume(TableName table) {
    suspended.remove(table);
  }

  @Override
  public synchronized Map<TableName, String> suspended() {
    return Map.copyOf(suspended);
  }

  @Override
  public synchronized void loadOwed(TableName table) {
    owed.add(table);
  }

  @Override
  public synchronized void loadDone(TableName table) {
    owed.remove(table);
  }

  @Override
  public synchronized Set<TableName> loadsOwed() {
    return Set.copyOf(owed);
  }

  @Override
  public synchronized void reset() {
    suspended.clear();
    owed.clear();
    phase = Phase.NEW;
    loaded.clear();
    position = Lsn.NONE;
    prepared.clear();
    later.clear();
    first = null;
  }
}
