package io.dynapipe.stream.kinesis;

import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Backoff;
import io.dynapipe.retry.Retry;
import io.dynapipe.retry.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Calls the service and waits for its answer. */
final class Calls {

  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  private Calls() {}

  /**
   * Calls again while the failure is a passing one, up to a time limit.
   *
   * @throws PipelineException what went wrong, or retryable when the thread was interrupted
   */
  static <T> T retrying(String doing, Duration limit, Supplier<CompletableFuture<T>> call) {
    return new Retry(
            new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5)),
            limit,
            Clock.systemUTC(),
            Sleeper.REAL,
            Calls::tell)
        .call(() -> once(doing, call));
  }

  private static void tell(PipelineException failure, Duration wait) {
    // Without a cause nothing has failed: a stream is being made, for example.
    Level level = failure.getCause() == null ? Level.DEBUG : Level.WARN;
    LOG.atLevel(level).log("{}; trying again in {} ms", failure.getMessage(), wait.toMillis());
  }

  private static <T> T once(String doing, Supplier<CompletableFuture<T>> call) {
    try {
      return await(doing, call.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.permanent(doing + ": interrupted", null, e);
    }
  }

  /** Waits for an answer; gives the call up when the thread is interrupted. */
  static <T> T await(String doing, CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw KinesisErrors.translate(doing, cause == null ? e : cause);
    }
  }
}
