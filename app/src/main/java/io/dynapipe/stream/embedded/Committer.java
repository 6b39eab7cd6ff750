package io.dynapipe.stream.embedded;

import io.dynapipe.error.PipelineException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All writing to the state file: one thread that commits everything that has come in since its last
 * commit as one transaction, because a commit costs a flush of the disk (milliseconds) whatever its
 * size. Thread-safe.
 */
final class Committer implements AutoCloseable {

  /** What the thread does by itself between commits. */
  interface Upkeep {

    /** Whether there is something to do; reads only. */
    boolean isDue(Sqlite sqlite) throws SQLException;

    /** A bounded piece of work, as part of a transaction. */
    Work next();

    /** Outside of any transaction, when nothing else is waiting. */
    void idle(Sqlite sqlite) throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final long MAX_QUEUED_BYTES = 32L << 20;
  private static final long MAX_GROUP_BYTES = 16L << 20;
  private static final Duration TICK = Duration.ofMillis(250);

  private record Entry(Work work, long bytes, CompletableFuture<Void> future) {}

  private final StateFile file;
  private final Sqlite sqlite;
  private final Upkeep upkeep;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean closing;

  private long lastUpkeepNanos = System.nanoTime();

  Committer(StateFile file, Sqlite sqlite, Upkeep upkeep) {
    this.file = file;
    this.sqlite = sqlite;
    this.upkeep = upkeep;
    this.thread = new Thread(this::run, "state-committer " + file.path());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Queues work and waits while too many bytes are queued.
   *
   * @return completes when the work is durable, or exceptionally with a PipelineException; what
   *     depends on it must be short and must not wait for other work
   */
  CompletableFuture<Void> submit(Work work, long bytes) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    lock.lock();
    try {
      while (queuedBytes > 0 && queuedBytes + bytes > MAX_QUEUED_BYTES && !closing) {
        drained.await();
      }
      if (closing) {
        throw new IllegalStateException("the state file is closed");
      }
      queue.add(new Entry(work, bytes, future));
      queuedBytes += bytes;
      arrived.signal();
      return future;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.retryable("interrupted while waiting for the state file", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs work and waits until it is durable.
   *
   * @throws PipelineException when it failed; none of it has happened then
   */
  void commit(Work work) {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("waiting on the committer's own thread would never end");
    }
    try {
      submit(work, 0).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof PipelineException cause ? cause : e;
    }
  }

  private void run() {
    try {
      for (List<Entry> group = next(); group != null; group = next()) {
        try {
          commit(refuse(group));
          keepUp();
        } finally {
          release(group);
        }
      }
    } finally {
      abandon();
    }
  }

  /** The next group; empty when it is time to look after things; null when all is done. */
  private @Nullable List<Entry> next() {
    lock.lock();
    try {
      long rest = TICK.toNanos();
      while (queue.isEmpty() && !closing && rest > 0) {
        rest = arrived.awaitNanos(rest);
      }
      if (queue.isEmpty()) {
        return closing ? null : List.of();
      }
      List<Entry> group = new ArrayList<>();
      for (long bytes = 0; !queue.isEmpty() && bytes <= MAX_GROUP_BYTES; ) {
        Entry entry = queue.remove();
        group.add(entry);
        bytes += entry.bytes();
      }
      return group;
    } catch (InterruptedException e) {
      // Nobody but this class knows the thread, and it ends by closing only.
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody may wait for a thread that has ended, also when an error has ended it. */
  private void abandon() {
    lock.lock();
    try {
      closing = true;
      List<Entry> rest = List.copyOf(queue);
      queue.clear();
      release(rest);
    } finally {
      lock.unlock();
    }
  }

  /** Bytes count as queued until they are committed, so that they bound memory as a whole. */
  private void release(List<Entry> group) {
    lock.lock();
    try {
      for (Entry entry : group) {
        queuedBytes -= entry.bytes();
        if (!entry.future().isDone()) {
          entry
              .future()
              .completeExceptionally(
                  PipelineException.permanent("the state file's thread has ended", null, null));
        }
      }
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static List<Entry> refuse(List<Entry> group) {
    List<Entry> accepted = new ArrayList<>(group.size());
    for (Entry entry : group) {
      PipelineException refusal = entry.work().refusal();
      if (refusal == null) {
        accepted.add(entry);
      } else {
        entry.future().completeExceptionally(refusal);
      }
    }
    return accepted;
  }

  private void commit(List<Entry> group) {
    if (group.isEmpty()) {
      return;
    }
    PipelineException failure = transaction(group.stream().map(Entry::work).toList());
    for (Entry entry : group) {
      if (failure == null) {
        entry.future().complete(null);
      } else {
        entry.future().completeExceptionally(failure);
      }
    }
  }

  /** Runs works as one transaction; null when it is durable, else why nothing has happened. */
  private @Nullable PipelineException transaction(List<Work> works) {
    PipelineException failure = null;
    try {
      sqlite.execute("BEGIN IMMEDIATE");
      for (Work work : works) {
        work.run(sqlite);
      }
      sqlite.execute("COMMIT");
    } catch (SQLException e) {
      failure = SqliteErrors.translate(file.path(), e);
    } catch (PipelineException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = PipelineException.permanent("state file " + file.path() + ": " + e, null, e);
    }
    if (failure != null) {
      rollBack();
    }
    for (Work work : works) {
      if (failure == null) {
        work.committed();
      } else {
        work.rolledBack(failure);
      }
    }
    return failure;
  }

  /** SQLite has already rolled back after some errors, a full disk for example. */
  private void rollBack() {
    try {
      sqlite.execute("ROLLBACK");
    } catch (SQLException e) {
      // "no transaction is active": there is nothing to undo.
    }
  }

  /** Failures here harm nobody yet, and the next commit meets and reports the same trouble. */
  private void keepUp() {
    long now = System.nanoTime();
    if (now - lastUpkeepNanos < TICK.toNanos()) {
      return;
    }
    lastUpkeepNanos = now;
    try {
      if (upkeep.isDue(sqlite)) {
        PipelineException failure = transaction(List.of(upkeep.next()));
        if (failure != null) {
          LOG.warn("could not trim: {}", failure.getMessage());
        }
      } else if (isIdle()) {
        upkeep.idle(sqlite);
      }
    } catch (SQLException e) {
      LOG.warn("could not look after state file {}: {}", file.path(), e.getMessage());
    }
  }

  private boolean isIdle() {
    lock.lock();
    try {
      return queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Commits what is queued, then ends. */
  @Override
  public void close() throws SQLException {
    lock.lock();
    try {
      closing = true;
      arrived.signalAll();
      drained.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    sqlite.close();
  }
}
