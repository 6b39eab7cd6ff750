package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.sink.Sink;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A capture and the appliers of its stream's shards, each in a thread of its own. Thread-safe; runs
 * once.
 *
 * <p>The first failure that ends a thread is kept and ends the others, so that it can be shown with
 * its cause. Does not close the stream and the sink it was given.
 */
public final class Pipeline implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
  static final String CONSUMER = "sink";
  private static final long POLL_MILLIS = 5;

  private final CaptureTask capture;
  private final StreamApplier applier;
  private final Thread captureThread;
  private final AtomicReference<@Nullable PipelineException> failure = new AtomicReference<>();
  private volatile boolean stopping;

  public Pipeline(CaptureTask capture, StreamAccess stream, Sink sink, TaskStatistics statistics) {
    this.capture = capture;
    TaskDefinition definition = capture.definition();
    DataErrors errors = new DataErrors(definition.settings().errors(), capture::suspendTarget);
    this.applier =
        new StreamApplier(
            "stream",
            definition.dms().beforeImageField(),
            stream,
            sink,
            outcome -> {
              statistics.applied(outcome);
              errors.check(outcome);
            });
    captureThread =
        thread(
            "dynapipe-capture",
            () -> {
              try {
                capture.run(() -> stopping);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private Thread thread(String name, Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (PipelineException e) {
                fail(e);
              } catch (RuntimeException | Error e) {
                fail(PipelineException.permanent(name + " ended by a defect: " + e, null, e));
              }
            },
            name);
    thread.setDaemon(true);
    return thread;
  }

  private void fail(PipelineException e) {
    if (failure.compareAndSet(null, e)) {
      LOG.debug("the pipeline ends", e);
    }
    stopping = true;
  }

  public void start() {
    applier.start();
    captureThread.start();
  }

  /** Whether the capture has ended: loaded without CDC, stopped, or failed. */
  public boolean hasCaptureEnded() {
    return !captureThread.isAlive();
  }

  /**
   * Waits until the target holds everything that the source had committed up to a position.
   *
   * @return false when time ran out
   * @throws PipelineException as it ended the pipeline
   */
  public boolean awaitApplied(Lsn position, Duration limit) throws InterruptedException {
    return await(() -> capture.durable().compareTo(position) >= 0, limit) && awaitDrained(limit);
  }

  /**
   * Waits until all that is in the stream now is applied.
   *
   * @return false when time ran out
   * @throws PipelineException as it ended the pipeline
   */
  public boolean awaitDrained(Duration limit) throws InterruptedException {
    long since = System.nanoTime();
    return await(() -> applier.hasDrainedSince(since), limit);
  }

  private boolean await(BooleanSupplier reached, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!reached.getAsBoolean()) {
      throwFailure();
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return true;
  }

  /** Throws what ended the pipeline, if anything did. */
  public void throwFailure() {
    PipelineException applying = applier.failure();
    if (applying != null) {
      fail(applying);
    }
    PipelineException e = failure.get();
    if (e != null) {
      throw e;
    }
  }

  /** Ends reading, lets what was read become durable, and joins the threads. */
  @Override
  public void close() {
    stopping = true;
    join(captureThread, Duration.ofSeconds(20));
    applier.close();
  }

  private static void join(Thread thread, Duration limit) {
    try {
      thread.join(limit.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(limit.toMillis());
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
