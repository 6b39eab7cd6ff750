package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;
import io.dynapipe.source.postgres.PostgresErrors;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How often and how long to try again after the source was lost. */
final class Patience {

  /** How long a slot may still be in use by the connection that we, or our last run, just lost. */
  static final Duration RELEASE = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final String OBJECT_IN_USE = "55006";

  private final StreamConfig.Timing timing;
  private int attempts;
  private long awaySinceNanos;

  Patience(StreamConfig.Timing timing) {
    this.timing = timing;
  }

  /** The source is there again. */
  void reset() {
    attempts = 0;
  }

  /**
   * Waits before the next attempt.
   *
   * @throws PipelineException the failure, when trying again is of no use or time is up
   */
  void afterFailure(PipelineException failure) throws InterruptedException {
    boolean slotBusy =
        failure.getCause() instanceof SQLException e && OBJECT_IN_USE.equals(e.getSQLState());
    if (!slotBusy && !PostgresErrors.isAway(failure)) {
      throw failure;
    }
    attempts++;
    awaySinceNanos = attempts == 1 ? System.nanoTime() : awaySinceNanos;
    Duration limit = slotBusy ? RELEASE : timing.giveUpAfter();
    if (System.nanoTime() - awaySinceNanos > limit.toNanos()) {
      throw failure;
    }
    Duration wait = timing.reconnect().delay(attempts, ThreadLocalRandom.current());
    LOG.warn("{}; trying again in {} ms", failure.getMessage(), wait.toMillis());
    TimeUnit.MILLISECONDS.sleep(wait.toMillis());
  }
}
