package io.dynapipe.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Work that has to be ended in an orderly way, also when a signal ends the process: the work is
 * then told to stop and gets time to do so; if it does not, the signal's thread ends it.
 */
final class Ending {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A step that may take a wait. */
  interface Step {
    void run() throws InterruptedException;
  }

  private final Runnable onSignal;
  private final Step end;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  private Ending(Runnable onSignal, Step end) {
    this.onSignal = onSignal;
    this.end = end;
  }

  /**
   * Does work, then ends it.
   *
   * @param onSignal makes the work return soon
   * @param end called once, after the work or, when that takes too long, by the signal
   */
  static void after(Step work, Runnable onSignal, Step end) throws InterruptedException {
    Ending ending = new Ending(onSignal, end);
    Thread hook = new Thread(ending::signalled, "dynapipe-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      work.run();
    } finally {
      ending.endOnce();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending already, and its hook has been waiting for this.
      }
    }
  }

  private void signalled() {
    onSignal.run();
    try {
      if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        endOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void endOnce() throws InterruptedException {
    if (begun.compareAndSet(false, true)) {
      try {
        end.run();
      } finally {
        ended.countDown();
      }
    }
  }
}
