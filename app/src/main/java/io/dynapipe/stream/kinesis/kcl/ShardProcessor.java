package io.dynapipe.stream.kinesis.kcl;

import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Backoff;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.KinesisClientLibRetryableException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * One shard while this worker has its lease. The library goes on to the next records when {@link
 * #processRecords} throws, and would skip what failed: so this does not return before the records
 * are handled, unless the lease is gone or the worker ends. The library calls it from one thread at
 * a time.
 */
final class ShardProcessor implements ShardRecordProcessor {

  private static final Logger LOG = LoggerFactory.getLogger(ShardProcessor.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

  private final ShardHandler.Factory handlers;
  private final Predicate<String> leaseIsHeld;
  private final Consumer<PipelineException> onFailure;
  private String shard = "";
  private ShardHandler handler = (records, marks, lease) -> true;

  /** Whether something was given up here: nothing behind it may be handled or marked. */
  private volatile boolean ended;

  ShardProcessor(
      ShardHandler.Factory handlers,
      Predicate<String> leaseIsHeld,
      Consumer<PipelineException> onFailure) {
    this.handlers = handlers;
    this.leaseIsHeld = leaseIsHeld;
    this.onFailure = onFailure;
  }

  @Override
  public void initialize(InitializationInput input) {
    shard = input.shardId();
    handler = handlers.open(shard);
    LOG.info("{}: begins after {}", shard, input.extendedSequenceNumber());
  }

  @Override
  public void processRecords(ProcessRecordsInput input) {
    if (ended || input.records().isEmpty()) {
      return;
    }
    List<StoredRecord> records = input.records().stream().map(this::stored).toList();
    try {
      boolean all =
          handler.apply(
              records,
              handled -> checkpoint(input.checkpointer(), handled.sequenceNumber()),
              () -> !ended && leaseIsHeld.test(shard));
      if (!all) {
        ended = true;
        LOG.info("{}: the lease was lost; another worker goes on from the last checkpoint", shard);
      }
    } catch (InterruptedException e) {
      // The library interrupts when it ends; the records come again to whoever has the lease next.
      ended = true;
      Thread.currentThread().interrupt();
    } catch (PipelineException e) {
      ended = true;
      onFailure.accept(e);
    } catch (RuntimeException | Error e) {
      ended = true;
      onFailure.accept(PipelineException.permanent(shard + " ended by a defect: " + e, null, e));
    }
  }

  private void checkpoint(RecordProcessorCheckpointer checkpointer, SequenceNumber handled)
      throws InterruptedException {
    checkpoint(() -> checkpointer.checkpoint(handled.digits(), handled.part()));
  }

  /** One of the library's ways to move the checkpoint. */
  private interface Checkpoint {
    void move() throws InvalidStateException, ShutdownException;
  }

  private void checkpoint(Checkpoint checkpoint) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        checkpoint.move();
        return;
      } catch (ShutdownException e) {
        LOG.info("{}: the lease was lost before the checkpoint; some records come again", shard);
        ended = true;
        return;
      } catch (KinesisClientLibRetryableException e) {
        Duration delay = BACKOFF.delay(attempt, ThreadLocalRandom.current());
        LOG.warn("{}: checkpoint: {}; trying again", shard, e.getMessage());
        Thread.sleep(delay.toMillis());
      } catch (InvalidStateException e) {
        throw PipelineException.environment(
            shard + ": the lease table does not take the checkpoint: " + e.getMessage(),
            "See that the lease table in DynamoDB exists and may be written.",
            e);
      }
    }
  }

  private StoredRecord stored(KinesisClientRecord record) {
    ByteBuffer data = record.data();
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    Instant arrival = record.approximateArrivalTimestamp();
    return new StoredRecord(
        shard,
        new SequenceNumber(record.sequenceNumber(), (int) record.subSequenceNumber()),
        record.partitionKey(),
        bytes,
        arrival == null ? System.currentTimeMillis() : arrival.toEpochMilli());
  }

  @Override
  public void leaseLost(LeaseLostInput input) {
    ended = true;
  }

  /** Children begin only behind this checkpoint, and so behind all records of this shard. */
  @Override
  public void shardEnded(ShardEndedInput input) {
    if (ended) {
      // Without a checkpoint the library comes back to this shard, which is what is wanted.
      return;
    }
    LOG.info("{}: all records are handled, the shard has ended", shard);
    checkpointQuietly(input.checkpointer());
  }

  /** What was handled is marked; the library's own last mark would be that of what it gave. */
  @Override
  public void shutdownRequested(ShutdownRequestedInput input) {
    ended = true;
  }

  private void checkpointQuietly(RecordProcessorCheckpointer checkpointer) {
    try {
      checkpoint(checkpointer::checkpoint);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (PipelineException e) {
      onFailure.accept(e);
    }
  }
}
