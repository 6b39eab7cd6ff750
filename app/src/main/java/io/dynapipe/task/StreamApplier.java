package io.dynapipe.task;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.error.PipelineException;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.SequenceNumber;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies all shards of a stream to a sink, each in a thread of its own, whoever writes the stream.
 * Thread-safe; runs once. Does not close the stream and the sink it was given.
 */
public final class StreamApplier implements AutoCloseable {

  /** The consumer whose checkpoints it keeps. */
  public static final String CONSUMER = Pipeline.CONSUMER;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<ShardApplier> appliers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<@Nullable PipelineException> failure = new AtomicReference<>();

  /**
   * An applier, which begins with {@link #start}.
   *
   * @param name of the stream, for its threads
   */
  public StreamApplier(
      String name, StreamAccess stream, Sink sink, Consumer<BatchOutcome> onOutcome) {
    for (String shard : stream.reader().shards()) {
      BatchProcessor processor = new BatchProcessor(new DmsDecoder(), sink, Clock.systemUTC());
      ShardApplier applier = new ShardApplier(CONSUMER, shard, stream, processor, onOutcome);
      appliers.add(applier);
      Thread thread = new Thread(() -> run(applier), "dynapipe-apply-" + name + "-" + shard);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  private void run(ShardApplier applier) {
    try {
      applier.run();
    } catch (PipelineException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(PipelineException.permanent("applying ended by a defect: " + e, null, e));
    }
  }

  /** One shard that cannot go on ends the others: order across them would be lost. */
  private void fail(PipelineException e) {
    failure.compareAndSet(null, e);
    threads.forEach(Thread::interrupt);
  }

  public void start() {
    threads.forEach(Thread::start);
  }

  /** What ended it, or null while it works. */
  public @Nullable PipelineException failure() {
    return failure.get();
  }

  /** The last record of each shard that is handled for good; null before the first. */
  public Map<String, @Nullable SequenceNumber> handled() {
    Map<String, @Nullable SequenceNumber> handled = new HashMap<>();
    appliers.forEach(applier -> handled.put(applier.shard(), applier.handled()));
    return handled;
  }

  /**
   * When the oldest record arrived that is not applied, milliseconds since 1970; 0 when all are.
   */
  public long oldestMillis() {
    return appliers.stream()
        .mapToLong(ShardApplier::oldestMillis)
        .filter(millis -> millis > 0)
        .min()
        .orElse(0);
  }

  /**
   * Whether all that was in the stream at a moment has been applied.
   *
   * @param nanoTime the moment, as {@link System#nanoTime} tells it
   */
  public boolean hasDrainedSince(long nanoTime) {
    return appliers.stream().allMatch(applier -> applier.hasDrainedSince(nanoTime));
  }

  /** Ends reading and joins the threads. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(PATIENCE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
