package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import io.dynapipe.sink.RowFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs a bounded number of requests at the same time, for all tables together. Thread-safe. */
final class Requests implements AutoCloseable {

  private final Semaphore free;
  private final ExecutorService threads;

  Requests(int max) {
    free = new Semaphore(max);
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "cratedb-bulk-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  Group group() {
    return new Group();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** Requests that belong together. One thread at a time. */
  final class Group {

    private final List<Future<List<RowFailure>>> running = new ArrayList<>();
    private volatile boolean failed;

    /** Starts a request; waits while too many are on their way. */
    void submit(Callable<List<RowFailure>> request) {
      if (failed) {
        // The rest would be in vain: await() throws what went wrong.
        return;
      }
      try {
        free.acquire();
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
      boolean started = false;
      try {
        running.add(threads.submit(() -> run(request)));
        started = true;
      } finally {
        if (!started) {
          free.release();
        }
      }
    }

    private List<RowFailure> run(Callable<List<RowFailure>> request) throws Exception {
      try {
        return request.call();
      } catch (Exception e) {
        failed = true;
        throw e;
      } finally {
        free.release();
      }
    }

    /**
     * Waits for all requests, also when one has failed: none is on its way afterwards.
     *
     * @return the rows that can never be applied
     */
    List<RowFailure> await() {
      List<RowFailure> failures = new ArrayList<>();
      RuntimeException trouble = null;
      for (Future<List<RowFailure>> future : running) {
        try {
          failures.addAll(future.get());
        } catch (ExecutionException e) {
          trouble = trouble == null ? asRuntime(e.getCause()) : trouble;
        } catch (InterruptedException e) {
          running.forEach(other -> other.cancel(true));
          throw interrupted(e);
        }
      }
      running.clear();
      if (trouble != null) {
        throw trouble;
      }
      return failures;
    }
  }

  private static RuntimeException asRuntime(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("a request failed", cause);
  }

  private static PipelineException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return PipelineException.retryable("interrupted while writing to CrateDB", e);
  }
}
