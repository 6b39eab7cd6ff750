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
import java.util.function.Supplier;
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

  private static final int ATTEMPTS = 20;
  private static final Duration ATTEMPT_AFTER = Duration.ofSeconds(1);

  private final WorkerClients clients;
  private final Supplier<WorkerSettings.Parts> parts;
  private final LeaseTable table;
  private volatile Scheduler scheduler;
  private final Thread thread;
  private final AtomicReference<@Nullable PipelineException> failure = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> noBegin = new AtomicReference<>();
  private volatile boolean closing;
  private boolean scheduled;

  /**
   * A worker, which begins with {@link #start}.
   *
   * @param workerId what tells it from the other workers of the fleet
   */
  public KclWorker(KinesisUrl url, String workerId, ShardHandler.Factory handlers) {
    WorkerOptions options =
        Objects.requireNonNull(KinesisOptions.of(url).worker(), "a fleet has a name");
    this.clients = WorkerClients.open(url, options);
    WorkerSettings settings = new WorkerSettings(url, options, workerId, clients);
    this.parts =
        () ->
            settings.parts(
                () -> new ShardProcessor(handlers, this::isLeaseHeld, this::fail), noBegin::set);
    WorkerSettings.Parts first = parts.get();
    this.table = first.table();
    this.scheduler = first.scheduler();
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
      table.prepare();
      schedule();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
              noBegin.get()));
    }
  }

  private void schedule() throws InterruptedException {
    for (int attempt = 1; beginSchedule(); attempt++) {
      scheduler.run();
      leaveSchedule();
      Throwable reason = noBegin.get();
      if (reason == null || attempt == ATTEMPTS) {
        return;
      }
      LOG.warn("the worker cannot begin: {}; trying again", reason.getMessage());
      Thread.sleep(ATTEMPT_AFTER.toMillis());
      noBegin.set(null);
      scheduler = parts.get().scheduler();
    }
  }

  /** A scheduler that has not begun does not end in order either. */
  private synchronized boolean beginSchedule() {
    scheduled = !closing;
    return scheduled;
  }

  private synchronized void leaveSchedule() {
    scheduled = false;
  }

  private synchronized boolean endSchedule() {
    closing = true;
    return scheduled;
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
    boolean begun = endSchedule();
    try {
      if (!begun) {
        thread.interrupt();
      } else if (thread.isAlive()) {
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
