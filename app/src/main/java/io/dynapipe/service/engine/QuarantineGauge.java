package io.dynapipe.service.engine;

import io.dynapipe.sink.Sink;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much is in the sink's quarantine, whoever put it there. It is counted in a thread of its own:
 * a sink that hangs must not hold up those who ask. Thread-safe.
 */
final class QuarantineGauge implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(QuarantineGauge.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final long UNKNOWN = -1;

  private final Supplier<@Nullable Sink> sink;
  private volatile long count = UNKNOWN;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "dynapipe-quarantine");
            thread.setDaemon(true);
            return thread;
          });

  QuarantineGauge(Supplier<@Nullable Sink> sink) {
    this.sink = sink;
  }

  void start() {
    var unused =
        timer.scheduleWithFixedDelay(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Something has been added. */
  void changed() {
    timer.execute(this::look);
  }

  private void look() {
    Sink open = sink.get();
    try {
      count = open == null ? UNKNOWN : open.quarantine().count();
    } catch (RuntimeException e) {
      count = UNKNOWN;
      LOG.debug("the quarantine cannot be counted", e);
    }
  }

  /** Entries at the last look; null when they could not be counted. */
  @Nullable Long count() {
    long last = count;
    return last == UNKNOWN ? null : (Long) last;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
