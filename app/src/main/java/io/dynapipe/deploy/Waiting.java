package io.dynapipe.deploy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks again and again until there is an answer. */
record Waiting(String subject, Duration pause, Duration limit) {

  /** For what takes seconds. */
  Waiting(String subject) {
    this(
        subject,
        Duration.ofMillis(Long.getLong("dynapipe.deploy.poll", 2000)),
        Duration.ofMinutes(10));
  }

  /** For what takes minutes; databases and replication instances need up to half an hour. */
  static Waiting minutes(String subject) {
    return new Waiting(
        subject,
        Duration.ofMillis(Long.getLong("dynapipe.deploy.poll", 5000)),
        Duration.ofHours(2));
  }

  /**
   * The first answer.
   *
   * @throws PipelineException environment: none came in time; retryable: interrupted
   */
  <T> T until(Supplier<Optional<T>> question) {
    Instant end = Instant.now().plus(limit);
    while (true) {
      Optional<T> answer = question.get();
      if (answer.isPresent()) {
        return answer.get();
      }
      if (Instant.now().isAfter(end)) {
        throw PipelineException.environment(
            subject + " did not come about within " + limit.toMinutes() + " minutes",
            "Look at it in the AWS console; then run the command again, it goes on from there.",
            null);
      }
      try {
        Sleeper.REAL.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw PipelineException.retryable("interrupted while waiting for " + subject, e);
      }
    }
  }
}
