package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;
import io.dynapipe.source.postgres.PostgresErrors;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the catalogue now and then, in a thread of its own, until it is closed. */
final class WatchThread implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WatchThread.class);

  private final TableWatch watch;
  private final Duration interval;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  WatchThread(TableWatch watch, String slot, Duration interval) {
    this.watch = watch;
    this.interval = interval;
    this.thread = new Thread(this::run, "dynapipe-catalogue-" + slot);
    thread.setDaemon(true);
  }

  /**
   * Looks once, and again in the thread from then on: a table that is there already must be known
   * to need its load before a change of it comes.
   *
   * @throws PipelineException when the source is away
   */
  void start() {
    if (!interval.isZero()) {
      look();
      thread.start();
    }
  }

  private void run() {
    try {
      while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          look();
        } catch (PipelineException e) {
          LOG.debug("{}", e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      watch.look();
    } catch (PipelineException e) {
      if (PostgresErrors.isAway(e)) {
        throw e;
      }
      LOG.warn("new and dropped tables are not seen: {} {}", e.getMessage(), e.cure());
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
