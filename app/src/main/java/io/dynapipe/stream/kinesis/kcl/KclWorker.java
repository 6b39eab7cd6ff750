package io.dynapipe.stream.kinesis.kcl;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.kinesis.KinesisOptions;
import io.dynapipe.stream.kinesis.WorkerOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.kinesis.coordinator.Scheduler;

/**
 * One worker of a fleet that shares a stream's shards. Any number may run, on any machines; those
 * with the same application name share the work. Thread-safe; runs once.
 */
public final class KclWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KclWorker.class);

  /** Time to end a batch, to move the checkpoints, and to give the leases back. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final WorkerClients clients;
  private final Scheduler scheduler;
  private final Thread thread;
  private final AtomicReference<@Nullable PipelineException> failure = new AtomicReference<>();
  private volatile boolean closing;

  /**
   * A worker, which begins with {@link #start}.
   *
   * @param workerId what tells it from the other workers of the fleet
   */
  public KclWorker(KinesisUrl url, String workerId, ShardHandler.Factory handlers) {
    WorkerOptions options =
        Objects.requireNonNull(KinesisOptions.of(url).worker(), "a fleet has a name");
    this.clients = WorkerClients.open(url, options);
    this.scheduler =
        new WorkerSettings(url, options, workerId, clients)
            .scheduler(() -> new ShardProcessor(handlers, this::isLeaseHeld, this::fail));
    this.thread = new Thread(this::run, "kcl-worker " + url.streamName());
    thread.setDaemon(true);
  }

  /** The library looks at the time of the last renewal, too. */
  private boolean isLeaseHeld(String shard) {
    return !closing && scheduler.leaseCoordinator().getCurrentlyHeldLease(shard) != null;
  }

  private void fail(PipelineException reason) {
    if (failure.compareAndSet(null, reason)) {
      LOG.error("the worker ends: {}", reason.getMessage());
      CompletableFuture<Boolean> unused = scheduler.startGracefulShutdown();
    }
  }

  private void run() {
    try {
      scheduler.run();
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(
          null, PipelineException.permanent("the worker ended by a defect: " + e, null, e));
    }
    if (!closing) {
      failure.compareAndSet(
          null,
          PipelineException.environment(
              "the worker ended by itself",
              "See the log before this line: often a table of the fleet cannot be made or written.",
              null));
    }
  }

  /** Begins to get leases, and to handle their shards. */
  public void start() {
    thread.start();
  }

  /** What ends or has ended the worker; null while it works. */
  public @Nullable PipelineException failure() {
    return failure.get();
  }

  /** Ends what is under way as soon as it is marked, and gives the leases to others. */
  @Override
  public void close() {
    closing = true;
    try {
      if (thread.isAlive()) {
        Boolean unused = scheduler.startGracefulShutdown().get(GRACE.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("the worker did not end in time; its leases pass on when they expire");
      scheduler.shutdown();
    } catch (InterruptedException e) {
      scheduler.shutdown();
      Thread.currentThread().interrupt();
    } finally {
      clients.close();
    }
  }
}
