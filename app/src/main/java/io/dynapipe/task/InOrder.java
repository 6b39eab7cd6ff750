package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Things that may be acted upon when their write is durable, in the order they were added, also
 * when writes complete out of order. One thread at a time.
 */
final class InOrder<T> {

  private record Entry<T>(CompletableFuture<Void> write, T thing) {}

  private final Deque<Entry<T>> entries = new ArrayDeque<>();

  void add(CompletableFuture<Void> write, T thing) {
    entries.add(new Entry<>(write, thing));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * Hands over all whose writes, and those of all before them, are durable.
   *
   * @throws PipelineException as the first failed write gave it
   */
  void drain(Consumer<T> action) {
    Entry<T> head = entries.peek();
    while (head != null && head.write().isDone()) {
      join(head.write());
      action.accept(head.thing());
      entries.remove();
      head = entries.peek();
    }
  }

  /**
   * Waits for all writes.
   *
   * @throws PipelineException as the first failed write gave it
   */
  void drainAll(Consumer<T> action) {
    while (!entries.isEmpty()) {
      join(entries.element().write());
      drain(action);
    }
  }

  /** Waits for a write; a failure comes out as the writer gave it. */
  static void join(CompletableFuture<Void> write) {
    try {
      write.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof PipelineException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
