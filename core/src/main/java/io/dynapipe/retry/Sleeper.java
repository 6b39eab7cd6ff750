package io.dynapipe.retry;

import java.time.Duration;

/** Waits; injected, so that tests need not. */
@FunctionalInterface
public interface Sleeper {

  /** Waits in real time. */
  Sleeper REAL = duration -> Thread.sleep(duration.toMillis());

  void sleep(Duration duration) throws InterruptedException;
}
