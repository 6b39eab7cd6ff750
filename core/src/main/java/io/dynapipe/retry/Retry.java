package io.dynapipe.retry;

import io.dynapipe.error.PipelineException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Runs an action again while it fails in a retryable way, until a time limit is over.
 *
 * @param limit from the first failure on; the last failure is then thrown
 * @param onRetry told each failure and the wait that follows it
 */
public record Retry(
    Backoff backoff,
    Duration limit,
    Clock clock,
    Sleeper sleeper,
    BiConsumer<PipelineException, Duration> onRetry) {

  /**
   * The action's answer.
   *
   * @throws PipelineException as the action threw it, when it is not retryable or time is up; or
   *     retryable when the thread was interrupted (its flag is set again)
   */
  public <T> T call(Supplier<T> action) {
    Instant giveUp = null;
    for (int attempt = 1; ; attempt++) {
      try {
        return action.get();
      } catch (PipelineException failure) {
        Instant now = clock.instant();
        giveUp = giveUp == null ? now.plus(limit) : giveUp;
        if (!failure.isRetryable() || !now.isBefore(giveUp)) {
          throw failure;
        }
        pause(attempt, failure);
      }
    }
  }

  private void pause(int attempt, PipelineException failure) {
    Duration delay = backoff.delay(attempt, ThreadLocalRandom.current());
    onRetry.accept(failure, delay);
    try {
      sleeper.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.retryable(
          "interrupted while waiting to try again after: " + failure.getMessage(), failure);
    }
  }
}
