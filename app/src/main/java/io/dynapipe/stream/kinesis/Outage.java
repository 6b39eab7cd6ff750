package io.dynapipe.stream.kinesis;

import io.dynapipe.error.PipelineException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for times in which nothing can be stored, tells people about them once a minute, and says
 * when to give up. One thread at a time.
 */
final class Outage {

  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  /** A request that fails now and then is no news. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long REMINDER_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String stream;
  private final @Nullable Duration giveUp;
  private @Nullable Long sinceNanos;
  private @Nullable Long toldNanos;
  private long throttled;
  private @Nullable Long throttleToldNanos;

  Outage(String stream, @Nullable Duration giveUp) {
    this.stream = stream;
    this.giveUp = giveUp;
  }

  void stored(long nowNanos) {
    Long since = sinceNanos;
    if (since != null && toldNanos != null) {
      LOG.info("stream '{}' takes records again after {} s", stream, seconds(since, nowNanos));
    }
    sinceNanos = null;
    toldNanos = null;
  }

  /** Whether it is time to give up. */
  boolean failed(PipelineException failure, long nowNanos) {
    long since = sinceNanos == null ? nowNanos : sinceNanos;
    sinceNanos = since;
    Long told = toldNanos;
    boolean due =
        told == null ? nowNanos - since >= PATIENCE_NANOS : nowNanos - told >= REMINDER_NANOS;
    if (due) {
      toldNanos = nowNanos;
      LOG.warn(
          "stream '{}' has not taken records for {} s, and the source has to wait, which keeps WAL"
              + " there; trying again: {}",
          stream,
          seconds(since, nowNanos),
          failure.getMessage());
    }
    return giveUp != null && nowNanos - since >= giveUp.toNanos();
  }

  void throttled(int records, long nowNanos) {
    throttled += records;
    Long told = throttleToldNanos;
    if (told == null || nowNanos - told >= REMINDER_NANOS) {
      throttleToldNanos = nowNanos;
      LOG.info(
          "stream '{}' had no room for {} records since the last such message; they are written"
              + " again. When this goes on, the stream needs more shards, or others write to it.",
          stream,
          throttled);
      throttled = 0;
    }
  }

  private static long seconds(long since, long nowNanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nowNanos - since);
  }
}
