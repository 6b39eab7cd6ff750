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

  /** Oids of tables to load now; a load is taken out when it is done. */
  private final Queue<Long> loads = new ConcurrentLinkedQueue<>();

  /** Those of them that were loaded before. */
  private final Set<Long> reloads = ConcurrentHashMap.newKeySet();

  /** Dropped tables, by the log position by which they were gone. */
  private final Map<Long, Lsn> drops = new ConcurrentHashMap<>();

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

  void load(long oid) {
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

  void drop(long oid, Lsn goneBy) {
    drops.putIfAbsent(oid, goneBy);
  }

  /** A table that was gone before a position, or null. */
  @Nullable Long nextDrop(Lsn position) {
    for (Map.Entry<Long, Lsn> drop : drops.entrySet()) {
      if (drop.getValue().compareTo(position) <= 0) {
        return drop.getKey();
      }
    }
    return null;
  }

  void dropped(long oid) {
    drops.remove(oid);
  }

  /** The next table to load, or null; drops come first, since a new table may have their name. */
  @Nullable Long nextLoad() {
    return drops.isEmpty() ? loads.peek() : null;
  }

  void loaded(long oid) {
    loads.remove(oid);
    reloads.remove(oid);
    pending.remove(oid);
  }

  /** Cannot be loaded: its changes stay left out, since they would have gaps. */
  void suspend(long oid) {
    loads.remove(oid);
    reloads.remove(oid);
    pending.add(oid);
  }

  /** Whether there may be anything to do; cheap, since it is asked between all transactions. */
  boolean isEmpty() {
    return loads.isEmpty() && drops.isEmpty();
  }
}
