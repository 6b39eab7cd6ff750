package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.retry.Backoff;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies batches of one shard until all of a batch is durable, marking how far it has got: a sink
 * that is down comes back, and what other shards have to bring comes. One thread at a time.
 */
public final class BatchApplier {

  private static final Logger LOG = LoggerFactory.getLogger(BatchApplier.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

  /** Other shards are not far, as a rule. */
  private static final Backoff WAIT_BACKOFF =
      new Backoff(Duration.ofMillis(10), Duration.ofMillis(250));

  private static final Duration TELL_AFTER = Duration.ofSeconds(30);

  /** Where to go on after a crash. */
  @FunctionalInterface
  public interface Marks {

    /** All records up to this one are handled for good. */
    void save(StoredRecord handled) throws InterruptedException;
  }

  /** Whether this is still ours to do. */
  @FunctionalInterface
  public interface Lease {

    boolean isHeld();
  }

  private final String shard;
  private final BatchProcessor processor;
  private final Consumer<BatchOutcome> onOutcome;

  /**
   * An applier.
   *
   * @param onOutcome told what became durable
   */
  public BatchApplier(String shard, BatchProcessor processor, Consumer<BatchOutcome> onOutcome) {
    this.shard = shard;
    this.processor = processor;
    this.onOutcome = onOutcome;
  }

  /**
   * Returns when all records are handled and marked; false when the lease was lost before.
   *
   * @throws PipelineException (input, permanent) when the sink cannot go on
   */
  public boolean apply(List<StoredRecord> batch, Marks marks, Lease lease)
      throws InterruptedException {
    List<StoredRecord> rest = batch;
    int tries = 0;
    long waitsSince = System.nanoTime();
    boolean waits = false;
    while (lease.isHeld()) {
      // While the first record waits, it alone is tried: the others would be decoded each time.
      BatchProcessor.Decoded first = processor.decodeFirst(waits ? rest.subList(0, 1) : rest);
      BatchOutcome outcome = processor.process(first);
      int handled = outcome.complete() ? first.size() : outcome.waiting() ? outcome.records() : 0;
      if (handled > 0) {
        mark(rest, handled, marks);
        onOutcome.accept(outcome);
        if (handled == rest.size()) {
          return true;
        }
        rest = rest.subList(handled, rest.size());
        tries = 0;
        waits = false;
        waitsSince = System.nanoTime();
      } else {
        waits = outcome.waiting();
        PipelineException failure = failure(outcome);
        pause(failure, ++tries, outcome.waiting(), rest.size(), waitsSince);
      }
    }
    return false;
  }

  /** Parts of an aggregated record are marked together, since they are read together. */
  private static void mark(List<StoredRecord> batch, int handled, Marks marks)
      throws InterruptedException {
    int last = handled - 1;
    if (handled < batch.size()) {
      String next = batch.get(handled).sequenceNumber().digits();
      while (last >= 0 && digits(batch, last).equals(next)) {
        last--;
      }
    }
    if (last >= 0) {
      marks.save(batch.get(last));
    }
  }

  private static String digits(List<StoredRecord> batch, int index) {
    SequenceNumber number = batch.get(index).sequenceNumber();
    return number.digits();
  }

  private static PipelineException failure(BatchOutcome outcome) {
    PipelineException failure = outcome.failure();
    if (failure == null) {
      throw new IllegalStateException("a batch that is not complete tells why");
    }
    return switch (failure.kind()) {
      case RETRYABLE, ENVIRONMENT -> failure;
      case INPUT, PERMANENT -> throw failure;
    };
  }

  private void pause(
      PipelineException failure, int tries, boolean waiting, int records, long waitsSince)
      throws InterruptedException {
    Duration delay = (waiting ? WAIT_BACKOFF : BACKOFF).delay(tries, ThreadLocalRandom.current());
    boolean longWait = System.nanoTime() - waitsSince > TELL_AFTER.toNanos() && tries % 120 == 0;
    if (!waiting) {
      LOG.warn(
          "{}: {} (nothing is lost: {} records wait, next try in {} ms)",
          shard,
          failure.getMessage(),
          records,
          delay.toMillis());
    } else if (longWait) {
      LOG.warn(
          "{}: {}. All shards of the stream have to be read, by workers that write to this target"
              + " database.",
          shard,
          failure.getMessage());
    }
    Thread.sleep(delay.toMillis());
  }
}
