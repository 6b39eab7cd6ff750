package io.dynapipe.source.postgres.fullload;

import io.dynapipe.error.PipelineException;
import io.dynapipe.source.LoadRange;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is left to read, and why to end early. Thread-safe. */
final class LoadQueue {

  private final Queue<LoadRange> ranges;
  private final BooleanSupplier stop;
  private @Nullable RuntimeException failure;
  private boolean ended;
  private int reading;

  LoadQueue(Collection<LoadRange> ranges, BooleanSupplier stop) {
    this.ranges = new ArrayDeque<>(ranges);
    this.stop = stop;
  }

  /** The next range to read, or null when there is none or it is time to end. */
  synchronized @Nullable LoadRange next() {
    LoadRange range = mustEnd() ? null : ranges.poll();
    if (range != null) {
      reading++;
    }
    return range;
  }

  /** A range that {@link #next} gave was read to its end. */
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

  /** Whether every range was read to its end. */
  synchronized boolean isDrained() {
    return ranges.isEmpty() && reading == 0;
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
