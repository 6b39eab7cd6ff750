package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.retry.Backoff;
import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies one shard to the sink, batch by batch, and moves the consumer's checkpoint behind what is
 * durable. Runs in a thread of its own until interrupted or until the sink fails for good.
 */
final class ShardApplier implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardApplier.class);
  private static final int MAX_RECORDS = 10_000;
  private static final long MAX_BYTES = 8 << 20;
  private static final Duration WAIT = Duration.ofMillis(250);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

  private final String consumer;
  private final String shard;
  private final RecordReader reader;
  private final Checkpoints checkpoints;
  private final BatchProcessor processor;
  private final Consumer<BatchOutcome> onOutcome;
  private volatile @Nullable SequenceNumber handled;
  private volatile long emptySince;
  private volatile long oldestMillis;

  ShardApplier(
      String consumer,
      String shard,
      StreamAccess stream,
      BatchProcessor processor,
      Consumer<BatchOutcome> onOutcome) {
    this.consumer = consumer;
    this.shard = shard;
    this.reader = stream.reader();
    this.checkpoints = stream.checkpoints();
    this.processor = processor;
    this.onOutcome = onOutcome;
    this.handled = checkpoints.load(consumer, shard);
  }

  String shard() {
    return shard;
  }

  /** The last record that is handled for good, or null before the first. */
  @Nullable SequenceNumber handled() {
    return handled;
  }

  /**
   * When the oldest record arrived that is not applied, as far as was read, milliseconds since
   * 1970; 0 when there is none.
   */
  long oldestMillis() {
    return oldestMillis;
  }

  /**
   * Whether all that was in the shard at a moment has been applied: a read that began later found
   * nothing.
   *
   * @param nanoTime the moment, as {@link System#nanoTime} tells it
   */
  boolean hasDrainedSince(long nanoTime) {
    return emptySince != 0 && emptySince - nanoTime > 0;
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long began = System.nanoTime();
        List<StoredRecord> batch = reader.read(shard, handled, MAX_RECORDS, MAX_BYTES, WAIT);
        if (batch.isEmpty()) {
          emptySince = began;
          oldestMillis = 0;
        } else {
          apply(batch);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void apply(List<StoredRecord> batch) throws InterruptedException {
    oldestMillis = batch.get(0).arrivalMillis();
    for (int attempt = 1; ; attempt++) {
      BatchOutcome outcome = processor.process(batch);
      PipelineException failure = outcome.failure();
      if (failure == null) {
        SequenceNumber last = batch.get(batch.size() - 1).sequenceNumber();
        checkpoints.save(consumer, shard, last);
        handled = last;
        onOutcome.accept(outcome);
        return;
      }
      if (!isWorthWaiting(failure)) {
        throw failure;
      }
      Duration delay = BACKOFF.delay(attempt, ThreadLocalRandom.current());
      LOG.warn(
          "{}: {} (nothing is lost: {} records wait, next try in {} ms)",
          shard,
          failure.getMessage(),
          batch.size(),
          delay.toMillis());
      Thread.sleep(delay.toMillis());
    }
  }

  /** A sink that is down comes back; the stream keeps what waits. */
  private static boolean isWorthWaiting(PipelineException failure) {
    return failure.kind() == PipelineException.Kind.RETRYABLE
        || failure.kind() == PipelineException.Kind.ENVIRONMENT;
  }
}
