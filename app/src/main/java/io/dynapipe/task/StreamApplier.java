package io.dynapipe.task;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.dms.DmsSettings;
import io.dynapipe.error.PipelineException;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.processor.DefinitionWait;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.SequenceNumber;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies all shards of a stream to a sink, each in a thread of its own, whoever writes the stream.
 * Shards that come of a split or a merge are begun when their parents have ended. Thread-safe; runs
 * once. Does not close the stream and the sink it was given.
 */
public final class StreamApplier implements AutoCloseable {

  /** The consumer whose checkpoints it keeps. */
  public static final String CONSUMER = Pipeline.CONSUMER;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** AWS DMS tells definitions within seconds of the rows that need them. */
  static final Duration DEFINITION_LIMIT = Duration.ofMinutes(1);

  private final String name;
  private final String beforeImageField;
  private final StreamAccess stream;
  private final Sink sink;
  private final Consumer<BatchOutcome> onOutcome;
  private final DefinitionWait definitions;
  private final Map<ShardApplier, Thread> appliers = new LinkedHashMap<>();
  private final AtomicReference<@Nullable PipelineException> failure = new AtomicReference<>();
  private boolean closed;

  /**
   * An applier, which begins with {@link #start}.
   *
   * @param name of the stream, for its threads
   */
  public StreamApplier(
      String name, StreamAccess stream, Sink sink, Consumer<BatchOutcome> onOutcome) {
    this(name, DmsSettings.BEFORE_IMAGE, stream, sink, onOutcome);
  }

  /**
   * An applier of messages whose old values are in another member.
   *
   * @param beforeImageField {@code BeforeImageSettings.FieldName} of the task
   */
  public StreamApplier(
      String name,
      String beforeImageField,
      StreamAccess stream,
      Sink sink,
      Consumer<BatchOutcome> onOutcome) {
    this.name = name;
    this.beforeImageField = beforeImageField;
    this.stream = stream;
    this.sink = sink;
    this.onOutcome = onOutcome;
    boolean several = stream.reader().shards().size() > 1;
    this.definitions =
        new DefinitionWait(several ? DEFINITION_LIMIT : Duration.ZERO, Clock.systemUTC());
  }

  private void run(ShardApplier applier) {
    try {
      applier.run();
      if (!Thread.currentThread().isInterrupted()) {
        succeed(applier);
      }
    } catch (PipelineException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(PipelineException.permanent("applying ended by a defect: " + e, null, e));
    }
  }

  /** One shard that cannot go on ends the others: order across them would be lost. */
  private synchronized void fail(PipelineException e) {
    failure.compareAndSet(null, e);
    closed = true;
    appliers.values().forEach(Thread::interrupt);
  }

  /** A shard has ended: what came of it is begun. */
  private synchronized void succeed(ShardApplier ended) {
    appliers.remove(ended);
    begin();
  }

  public void start() {
    begin();
  }

  private synchronized void begin() {
    if (closed) {
      return;
    }
    List<String> begun = appliers.keySet().stream().map(ShardApplier::shard).toList();
    for (String shard : stream.reader().shards()) {
      if (!begun.contains(shard)) {
        BatchProcessor processor =
            BatchProcessor.ofShard(
                new DmsDecoder(beforeImageField), sink, Clock.systemUTC(), definitions);
        ShardApplier applier = new ShardApplier(CONSUMER, shard, stream, processor, onOutcome);
        Thread thread = new Thread(() -> run(applier), "dynapipe-apply-" + name + "-" + shard);
        thread.setDaemon(true);
        appliers.put(applier, thread);
        thread.start();
      }
    }
  }

  /** What ended it, or null while it works. */
  public @Nullable PipelineException failure() {
    return failure.get();
  }

  /** The last record of each shard that is handled for good; null before the first. */
  public synchronized Map<String, @Nullable SequenceNumber> handled() {
    Map<String, @Nullable SequenceNumber> handled = new HashMap<>();
    appliers.keySet().forEach(applier -> handled.put(applier.shard(), applier.handled()));
    return handled;
  }

  /** The last record of each shard up to which all outcomes have been told; null for none. */
  public synchronized Map<String, @Nullable SequenceNumber> told() {
    Map<String, @Nullable SequenceNumber> told = new HashMap<>();
    appliers.keySet().forEach(applier -> told.put(applier.shard(), applier.told()));
    return told;
  }

  /**
   * When the oldest record arrived that is not applied, milliseconds since 1970; 0 when all are.
   */
  public synchronized long oldestMillis() {
    return appliers.keySet().stream()
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
  public synchronized boolean hasDrainedSince(long nanoTime) {
    return !appliers.isEmpty()
        && appliers.keySet().stream().allMatch(applier -> applier.hasDrainedSince(nanoTime));
  }

  /** Ends reading and joins the threads. */
  @Override
  public void close() {
    List<Thread> threads;
    synchronized (this) {
      closed = true;
      threads = new ArrayList<>(appliers.values());
    }
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
