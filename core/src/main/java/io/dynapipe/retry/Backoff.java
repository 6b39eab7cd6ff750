package io.dynapipe.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: attempt n waits a random time up to {@code first * 2^n},
 * at most {@code longest}.
 *
 * @see <a
 *     href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 *     Backoff and Jitter</a>
 */
public record Backoff(Duration first, Duration longest) {

  /**
   * How long to wait before the next try.
   *
   * @param attempt tries made so far, from 1
   */
  public Duration delay(int attempt, RandomGenerator random) {
    long ceiling = first.toMillis() << Math.min(Math.max(attempt - 1, 0), 20);
    long bounded = Math.max(1, Math.min(ceiling, longest.toMillis()));
    return Duration.ofMillis(bounded / 2 + random.nextLong(bounded / 2 + 1));
  }
}
