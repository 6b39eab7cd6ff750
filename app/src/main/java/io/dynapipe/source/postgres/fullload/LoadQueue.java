package io.dynapipe.source.postgres.fullload;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is left to read, and why to end early. Thread-safe. */
final class LoadQueue {

  private final Queue<LoadTask> tasks;
  private final BooleanSupplier stop;
  private @Nullable RuntimeException failure;
  private boolean ended;
  private int reading;

  LoadQueue(Collection<LoadTask> tasks, BooleanSupplier stop) {
    this.tasks = new ArrayDeque<>(tasks);
    this.stop = stop;
  }

  /** The next task, or null when there is none or it is time to end. */
  synchronized @Nullable LoadTask next() {
    LoadTask task = mustEnd() ? null : tasks.poll();
    if (task != null) {
      reading++;
    }
    return task;
  }

  /** Nothing more is read of a table that has failed. */
  synchronized void drop(TableName table) {
    tasks.removeIf(task -> task.range().table().equals(table));
  }

  /** A task that {@link #next} gave was read to its end, or its table was given up. */
  synchronized void done() {
    reading--;
  }

  /** The first failure counts; later ones are its consequences or stand beside it. */
  synchronized void fail(RuntimeException newFailure) {
    if (failure == null) {
      failure = newFailure;
    } else if (failure != newFailure) {
      failure.addSuppressed(newFailure);
    }
    ended = true;
  }

  synchronized void end() {
    ended = true;
  }

  synchronized boolean mustEnd() {
    return ended || stop.getAsBoolean();
  }

  /** Whether every task is done. */
  synchronized boolean isDrained() {
    return tasks.isEmpty() && reading == 0;
  }

  /**
   * Throws the failure, if there is one.
   *
   * @throws PipelineException as a reader or handler threw it
   */
  synchronized void throwFailure() {
    if (failure != null) {
      throw failure;
    }
  }
}
