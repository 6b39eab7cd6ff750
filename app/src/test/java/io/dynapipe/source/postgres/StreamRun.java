package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Lsn;
import io.dynapipe.source.EventHandler;
import io.dynapipe.source.postgres.pgoutput.ChangeStream;
import io.dynapipe.source.postgres.pgoutput.StreamConfig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A change stream in a thread of its own. */
public final class StreamRun implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SourceDatabase source;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean stop;

  private StreamRun(
      SourceDatabase source, ChangeStream stream, EventHandler handler, Supplier<Lsn> durable) {
    this.source = source;
    this.thread =
        new Thread(
            () -> {
              try {
                stream.run(handler, durable, () -> stop);
                end.complete(null);
              } catch (RuntimeException | InterruptedException e) {
                end.completeExceptionally(e);
              }
            },
            "test-stream");
    thread.start();
  }

  /** Everything that is handed over counts as durable. */
  public static StreamRun start(SourceDatabase source, StreamConfig config, Recorder recorder) {
    return start(source, new ChangeStream(source.server(), config), recorder);
  }

  public static StreamRun start(SourceDatabase source, ChangeStream stream, Recorder recorder) {
    return new StreamRun(source, stream, recorder, recorder::position);
  }

  public static StreamRun start(
      SourceDatabase source, StreamConfig config, EventHandler handler, Supplier<Lsn> durable) {
    return new StreamRun(source, new ChangeStream(source.server(), config), handler, durable);
  }

  /** Returns when everything that is committed by now has been handed over. */
  public StreamRun catchUp(Recorder recorder) throws Exception {
    Lsn now = Lsn.parse(source.query("SELECT pg_logical_emit_message(true, 'test', '')").get(0));
    await("the stream to reach " + now, () -> recorder.position().compareTo(now) >= 0);
    return this;
  }

  public void await(String what, BooleanSupplier condition) throws Exception {
    await(what, condition, () -> "");
  }

  /** The same, with what there is to say when it does not come. */
  public void await(String what, BooleanSupplier condition, Supplier<String> instead)
      throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (end.isDone()) {
        end.get();
      }
      assertThat(System.nanoTime())
          .as(() -> "time to wait for " + what + " " + instead.get())
          .isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** How the stream failed; waits until it does. */
  public Throwable failure() throws InterruptedException, TimeoutException {
    @Nullable Throwable failure = null;
    try {
      end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      failure = e.getCause();
    }
    assertThat(failure).as("failure of the stream").isNotNull();
    return failure;
  }

  /** Stops it as a task would, and fails as it failed. */
  public void finish() throws Exception {
    stop = true;
    end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    stop = true;
    thread.interrupt();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
