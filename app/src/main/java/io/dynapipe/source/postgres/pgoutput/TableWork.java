package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for whole tables between two transactions of the stream: others put it in, the
 * stream's thread takes it out. Thread-safe.
 */
final class TableWork {

  /** Tables to be loaded whose changes are left out until then. */
  private final Set<Long> pending = ConcurrentHashMap.newKeySet();

  /** Oids of tables to load; a load is taken out when it is done. */
  private final Queue<Long> loads = new ConcurrentLinkedQueue<>();

  /** Those of them that wait until the stream has come to a position. */
  private final Map<Long, Lsn> loadsDue = new ConcurrentHashMap<>();

  /** Those of them that were loaded before. */
  private final Set<Long> reloads = ConcurrentHashMap.newKeySet();

  /** Tables that were dropped or renamed, by the log position by which they were. */
  private final Map<Long, Lsn> departures = new ConcurrentHashMap<>();

  /** Whether the connection is to be given up: the server streams to nobody, or wants to end. */
  private volatile boolean cutOff;

  boolean isPending(long oid) {
    return pending.contains(oid);
  }

  /** This table will be loaded. */
  void expect(long oid) {
    pending.add(oid);
  }

  /** It will not. */
  void giveUp(long oid) {
    pending.remove(oid);
  }

  /** Loads a table as soon as the stream has come to a position. */
  void loadAt(long oid, Lsn due) {
    loadsDue.put(oid, due);
    load(oid);
  }

  private void load(long oid) {
    if (!loads.contains(oid)) {
      loads.add(oid);
    }
  }

  void reload(long oid) {
    reloads.add(oid);
    load(oid);
  }

  /** A table whose load has failed: its rows come before its changes, into an empty table. */
  void retry(long oid) {
    expect(oid);
    reload(oid);
  }

  /** Whether rows of an earlier load may be in the target. */
  boolean isReload(long oid) {
    return reloads.contains(oid);
  }

  /** Whether a load is still wanted; the table may have been told by the stream meanwhile. */
  boolean isWanted(long oid) {
    return pending.contains(oid) || reloads.contains(oid);
  }

  /** The connection is dead, although nobody said so to us, or it keeps the server from ending. */
  void cutOff() {
    cutOff = true;
  }

  boolean isCutOff() {
    return cutOff;
  }

  /** Told once. */
  boolean takeCutOff() {
    boolean was = cutOff;
    cutOff = false;
    return was;
  }

  /** A table does not have the name that was told of it any more. */
  void depart(long oid, Lsn goneBy) {
    departures.putIfAbsent(oid, goneBy);
  }

  boolean isDeparting(long oid) {
    return departures.containsKey(oid);
  }

  /** A table that had lost its name before a position, or null. */
  @Nullable Long nextDeparture(Lsn position) {
    for (Map.Entry<Long, Lsn> departure : departures.entrySet()) {
      if (departure.getValue().compareTo(position) <= 0) {
        return departure.getKey();
      }
    }
    return null;
  }

  void departed(long oid) {
    departures.remove(oid);
  }

  /** The next table to load at a position, or null. */
  @Nullable Long nextLoad(Lsn position) {
    for (Long oid : loads) {
      Lsn due = loadsDue.get(oid);
      if (due == null || due.compareTo(position) <= 0) {
        return oid;
      }
    }
    return null;
  }

  void loaded(long oid) {
    removeLoad(oid);
    pending.remove(oid);
  }

  /** Cannot be loaded: its changes stay left out, since they would have gaps. */
  void suspend(long oid) {
    removeLoad(oid);
    pending.add(oid);
  }

  private void removeLoad(long oid) {
    loads.remove(oid);
    loadsDue.remove(oid);
    reloads.remove(oid);
  }

  /** Whether there is nothing to do. */
  boolean isEmpty() {
    return loads.isEmpty() && departures.isEmpty();
  }
}
