package io.dynapipe.stream.kinesis;

import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads all shards of a Kinesis stream in one process: no leases, no DynamoDB. After a split or a
 * merge the new shards appear in {@link #shards} when {@link #read} has met the end of their
 * parents, so that has to be asked again and again.
 *
 * <p>Aggregated records come apart. All parts of one share its digits and come in one answer, even
 * when that exceeds the limits a little. Thread-safe.
 */
public final class KinesisReader implements RecordReader {

  private static final long LIST_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final Duration RETRY_LIMIT = Duration.ofMinutes(1);

  /** Of the heap, for what all shards bring at once: it is there as answer, records and events. */
  private static final int HEAP_PART = 32;

  /** A shard gives two megabytes a second in five calls, so that this keeps up with it. */
  private static final long LEAST_SHARE = 512 << 10;

  private final KinesisService service;
  private final String stream;
  private final boolean stopWhenTrimmed;
  private final Lineage lineage;
  private final Map<String, ShardCursor> cursors = new ConcurrentHashMap<>();
  private @Nullable Long listedNanos;
  private volatile boolean closed;

  KinesisReader(
      KinesisService service, String stream, boolean stopWhenTrimmed, Predicate<String> begun) {
    this.service = service;
    this.stream = stream;
    this.stopWhenTrimmed = stopWhenTrimmed;
    this.lineage = new Lineage(begun);
  }

  @Override
  public synchronized List<String> shards() {
    Long listed = listedNanos;
    if (listed == null || System.nanoTime() - listed >= LIST_NANOS) {
      lineage.update(Calls.retrying("ListShards", RETRY_LIMIT, service::list));
      listedNanos = System.nanoTime();
    }
    return lineage.readable();
  }

  private synchronized void finish(String shard) {
    lineage.finish(shard);
    cursors.remove(shard);
    // Its children may not have been there at the last look.
    listedNanos = null;
  }

  @Override
  public List<StoredRecord> read(
      String shard, @Nullable SequenceNumber after, int maxRecords, long maxBytes, Duration wait)
      throws InterruptedException {
    ShardCursor cursor =
        cursors.computeIfAbsent(shard, id -> new ShardCursor(service, stream, id, stopWhenTrimmed));
    cursor.look();
    long deadline = System.nanoTime() + wait.toNanos();
    List<StoredRecord> records = List.of();
    boolean again = !closed;
    while (again) {
      records = cursor.read(after, maxRecords, Math.min(maxBytes, share()), deadline);
      if (records.isEmpty() && cursor.isFinished()) {
        finish(shard);
        return records;
      }
      again = records.isEmpty() && !closed && deadline - System.nanoTime() > 0;
    }
    return records;
  }

  /** Bytes that one shard may bring, so that all of them fit into memory. */
  private long share() {
    long all = Runtime.getRuntime().maxMemory() / HEAP_PART;
    return Math.max(LEAST_SHARE, all / Math.max(1, cursors.size()));
  }

  @Override
  public boolean sawEnd(String shard) {
    ShardCursor cursor = cursors.get(shard);
    return cursor != null && cursor.sawEnd();
  }

  /**
   * How far behind the shard's newest record the last read was, in milliseconds; empty before the
   * first.
   */
  public OptionalLong millisBehindLatest(String shard) {
    ShardCursor cursor = cursors.get(shard);
    return cursor == null ? OptionalLong.empty() : cursor.millisBehindLatest();
  }

  @Override
  public void close() {
    closed = true;
  }
}
