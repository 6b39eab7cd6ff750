package io.dynapipe.stream.kinesis;

import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Backoff;
import io.dynapipe.stream.RecordWriter.Marker;
import io.dynapipe.stream.StreamRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * Puts a record into every shard that is open. When one lands in another shard than it was meant
 * for, shards were split or merged, and all begin anew with the shards that there are then. One
 * thread at a time, while nothing else is under way.
 */
final class ToAllShards {

  private static final Logger LOG = LoggerFactory.getLogger(ToAllShards.class);

  private final Dispatcher.Service service;
  private final String stream;
  private final Backoff backoff;
  private final BooleanSupplier closed;

  ToAllShards(Dispatcher.Service service, String stream, Backoff backoff, BooleanSupplier closed) {
    this.service = service;
    this.stream = stream;
    this.backoff = backoff;
    this.closed = closed;
  }

  /**
   * Returns when every shard has its record.
   *
   * @throws PipelineException when that cannot be, or the writer was closed meanwhile
   */
  void write(Marker marker) throws InterruptedException {
    int failures = 0;
    while (true) {
      try {
        if (tryOnce(marker)) {
          return;
        }
        LOG.info("the shards of {} changed while a table change was written: again", stream);
      } catch (PipelineException e) {
        if (!e.isRetryable() || closed.getAsBoolean()) {
          throw e;
        }
        Duration delay = backoff.delay(++failures, ThreadLocalRandom.current());
        LOG.warn("{}; trying again in {} ms", e.getMessage(), delay.toMillis());
        Thread.sleep(delay.toMillis());
      }
    }
  }

  /** Whether all went where they were meant to go. */
  private boolean tryOnce(Marker marker) throws InterruptedException {
    ShardMap map = Calls.await("ListShards", service.shards());
    List<StreamRecord> records = marker.records(stream, map.shards());
    List<Integer> unwritten = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      unwritten.add(i);
    }
    for (int attempt = 1; !unwritten.isEmpty(); attempt++) {
      if (attempt > 1) {
        Thread.sleep(backoff.delay(attempt - 1, ThreadLocalRandom.current()).toMillis());
      }
      List<Integer> some =
          List.copyOf(unwritten.subList(0, Math.min(unwritten.size(), Requests.MAX_ENTRIES)));
      if (!put(map, records, some, unwritten)) {
        return false;
      }
    }
    return true;
  }

  private boolean put(
      ShardMap map, List<StreamRecord> records, List<Integer> some, List<Integer> unwritten)
      throws InterruptedException {
    List<PutRecordsRequestEntry> entries =
        some.stream().map(i -> entry(records.get(i), map.starts().get(i))).toList();
    PutRecordsResponse answer = Calls.await("PutRecords", service.put(entries));
    for (int i = 0; i < some.size(); i++) {
      PutRecordsResultEntry result = answer.records().get(i);
      if (result.errorCode() == null) {
        unwritten.remove(some.get(i));
        if (!map.shards().get(some.get(i)).equals(result.shardId())) {
          return false;
        }
      }
    }
    return true;
  }

  private static PutRecordsRequestEntry entry(StreamRecord record, HashKey start) {
    return PutRecordsRequestEntry.builder()
        .partitionKey(record.partitionKey())
        .explicitHashKey(start.toString())
        .data(SdkBytes.fromByteArrayUnsafe(record.data()))
        .build();
  }
}
