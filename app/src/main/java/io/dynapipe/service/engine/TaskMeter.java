package io.dynapipe.service.engine;

import io.dynapipe.processor.TableCounts;
import io.dynapipe.service.engine.TaskRecord.Totals;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last minutes of one task. Thread-safe. */
final class TaskMeter {

  private static final int MAX_SAMPLES = 900;
  private static final double MILLIS = 1_000;
  private static final double MICROS = 1_000_000;

  private final Deque<Sample> samples = new ArrayDeque<>();
  private @Nullable Totals before;
  private long beforeMillis;

  /** Takes what changed since the last time. */
  synchronized void add(long millis, Totals now, @Nullable StreamGauges stream) {
    Totals last = before;
    double seconds = (millis - beforeMillis) / MILLIS;
    before = now;
    beforeMillis = millis;
    if (last == null || seconds <= 0) {
      return;
    }
    boolean captures = now.commitMicros() != last.commitMicros();
    long oldest = stream == null ? 0 : stream.oldestMillis();
    samples.add(
        new Sample(
            millis,
            rate(now.captured().rows() - last.captured().rows(), seconds),
            rate(changes(now.applied()) - changes(last.applied()), seconds),
            rate(now.applied().loads() - last.applied().loads(), seconds),
            captures ? now.lagMicros() / MICROS : 0,
            oldest == 0 ? 0 : Math.max(0, millis - oldest) / MILLIS,
            stream == null ? 0 : stream.waiting()));
    if (samples.size() > MAX_SAMPLES) {
      samples.remove();
    }
  }

  private static long changes(TableCounts counts) {
    return counts.rows() - counts.loads();
  }

  /** Counts begin at zero again when a task begins anew. */
  private static double rate(long more, double seconds) {
    return Math.max(0, more) / seconds;
  }

  /** Samples later than a moment, oldest first. */
  synchronized List<Sample> since(long millis) {
    return samples.stream().filter(sample -> sample.millis() > millis).toList();
  }

  synchronized @Nullable Sample last() {
    return samples.peekLast();
  }
}
