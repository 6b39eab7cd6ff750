package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.EventHandler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A target that can be slow, and that forgets what was not made durable when its process ends, as a
 * task's stream does. Thread-safe.
 */
final class HeldHandler implements EventHandler {

  /** So many positions are not confirmed at most. */
  private static final int LAG = 20;

  private final List<ChangeEvent> durable = new ArrayList<>();
  private final List<ChangeEvent> buffered = new ArrayList<>();
  private final Set<TableName> owed = new HashSet<>();

  /** Where it may begin again: a load is confirmed before it counts as done. */
  private final List<Lsn> unconfirmed = new ArrayList<>();

  private Lsn position;
  private boolean held;

  /** Begins with what a load has brought. */
  HeldHandler(Lsn start, List<ChangeEvent> loaded) {
    this.position = start;
    durable.addAll(loaded);
  }

  /** From now on every event has to wait. */
  synchronized void hold() {
    held = true;
  }

  synchronized void release() {
    held = false;
    notifyAll();
  }

  /**
   * The process ends before the last writes were confirmed: they are there, but it goes on from
   * somewhere before them.
   */
  synchronized void crashUnconfirmed(Random random) {
    durable.addAll(buffered.subList(0, random.nextInt(buffered.size() + 1)));
    if (!unconfirmed.isEmpty()) {
      position = unconfirmed.get(random.nextInt(unconfirmed.size()));
    }
    unconfirmed.clear();
    crash();
  }

  /** The process ends: what it had not written is lost. */
  synchronized void crash() {
    buffered.clear();
    release();
  }

  @Override
  public synchronized void onEvent(ChangeEvent event, TableSchema schema)
      throws InterruptedException {
    while (held) {
      wait();
    }
    buffered.add(event);
  }

  @Override
  public synchronized void onPosition(Lsn newPosition) {
    write();
    position = newPosition;
    if (unconfirmed.size() == LAG) {
      unconfirmed.clear();
    }
    unconfirmed.add(newPosition);
  }

  @Override
  public void onIdle() {}

  @Override
  public synchronized void onTableLoading(TableName table) {
    owed.add(table);
  }

  @Override
  public synchronized void onTableLoaded(TableName table) {
    write();
    unconfirmed.clear();
    unconfirmed.add(position);
    owed.remove(table);
  }

  private void write() {
    durable.addAll(buffered);
    buffered.clear();
  }

  synchronized List<ChangeEvent> events() {
    return List.copyOf(durable);
  }

  /** What the source may forget: the confirmation comes later than the write. */
  synchronized Lsn confirmed() {
    return unconfirmed.isEmpty() ? position : unconfirmed.get(0);
  }

  synchronized Lsn position() {
    return position;
  }

  /** Tables whose load was begun and did not end. */
  synchronized Set<TableName> owed() {
    return Set.copyOf(owed);
  }
}
