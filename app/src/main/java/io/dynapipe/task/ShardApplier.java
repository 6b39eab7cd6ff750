package io.dynapipe.task;

import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies one shard to the sink, batch by batch, and moves the consumer's checkpoint behind what is
 * durable. Runs in a thread of its own until interrupted, until the shard has ended, or until the
 * sink fails for good.
 */
final class ShardApplier implements Runnable {

  private static final int MAX_RECORDS = 10_000;
  private static final long MAX_BYTES = 8 << 20;
  private static final Duration WAIT = Duration.ofMillis(250);

  private final String consumer;
  private final String shard;
  private final RecordReader reader;
  private final Checkpoints checkpoints;
  private final BatchApplier applier;
  private volatile @Nullable SequenceNumber handled;
  private volatile @Nullable SequenceNumber told;
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
    this.applier = new BatchApplier(shard, processor, onOutcome);
    this.handled = checkpoints.load(consumer, shard);
    this.told = handled;
  }

  String shard() {
    return shard;
  }

  /** The last record that is handled for good, or null before the first. */
  @Nullable SequenceNumber handled() {
    return handled;
  }

  /** The last record up to which all outcomes have been told, or null before the first. */
  @Nullable SequenceNumber told() {
    return told;
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
      boolean ended = false;
      while (!ended && !Thread.currentThread().isInterrupted()) {
        long began = System.nanoTime();
        List<StoredRecord> batch = reader.read(shard, handled, MAX_RECORDS, MAX_BYTES, WAIT);
        if (!batch.isEmpty()) {
          oldestMillis = batch.get(0).arrivalMillis();
          boolean unused = applier.apply(batch, this::mark, () -> true);
          told = handled;
        } else if (!reader.shards().contains(shard)) {
          ended = true;
        } else if (reader.sawEnd(shard)) {
          emptySince = began;
          oldestMillis = 0;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void mark(StoredRecord last) {
    checkpoints.save(consumer, shard, last.sequenceNumber());
    handled = last.sequenceNumber();
  }
}
