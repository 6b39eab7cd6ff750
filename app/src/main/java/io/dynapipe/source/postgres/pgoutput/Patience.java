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
public final class Patience {

  /** How long a slot may still be in use by the connection that we, or our last run, just lost. */
  static final Duration RELEASE = Duration.ofSeconds(15);

  /** A call that takes longer than connecting and waiting can has reached the source. */
  private static final Duration WORKED = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final String OBJECT_IN_USE = "55006";

  private final StreamConfig.Timing timing;
  private int attempts;
  private long awaySinceNanos;

  public Patience(StreamConfig.Timing timing) {
    this.timing = timing;
  }

  /** The source is there again. */
  public void reset() {
    attempts = 0;
  }

  /** A call to the source. */
  public interface Call<T> {
    T make() throws InterruptedException;
  }

  /**
   * Makes a call until the source answers.
   *
   * @throws PipelineException the failure, when trying again is of no use or time is up
   */
  public <T> T call(Call<T> call) throws InterruptedException {
    while (true) {
      long began = System.nanoTime();
      try {
        T answer = call.make();
        reset();
        return answer;
      } catch (PipelineException e) {
        if (System.nanoTime() - began > WORKED.toNanos()) {
          reset();
        }
        afterFailure(e);
      }
    }
  }

  /**
   * Waits before the next attempt.
   *
   * @throws PipelineException the failure, when trying again is of no use or time is up
   */
  public void afterFailure(PipelineException failure) throws InterruptedException {
    boolean slotBusy =
        failure.getCause() instanceof SQLException e && OBJECT_IN_USE.equals(e.getSQLState());
    if (!slotBusy && !PostgresErrors.isAway(failure)) {
      throw failure;
    }
    attempts++;
    awaySinceNanos = attempts == 1 ? System.nanoTime() : awaySinceNanos;
    Duration limit = slotBusy ? RELEASE : timing.giveUpAfter();
    boolean often = timing.maxAttempts() >= 0 && attempts > timing.maxAttempts();
    if (often || System.nanoTime() - awaySinceNanos > limit.toNanos()) {
      throw failure;
    }
    Duration wait = timing.reconnect().delay(attempts, ThreadLocalRandom.current());
    LOG.warn("{}; trying again in {} ms", failure.getMessage(), wait.toMillis());
    TimeUnit.MILLISECONDS.sleep(wait.toMillis());
  }
}
