package io.dynapipe.stream.kinesis;

import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Backoff;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a Kinesis stream. Records of one partition key are stored in the order of the calls,
 * also when requests fail, single records are throttled, or shards are split and merged meanwhile;
 * a failure holds back the records behind it that have its key, and no others. A record can be
 * stored twice when an answer is lost, never in another order.
 *
 * <p>One thread at a time. What depends on a returned future must be short and must not write.
 */
public final class KinesisWriter implements RecordWriter {

  private static final Logger LOG = LoggerFactory.getLogger(KinesisWriter.class);
  private static final int MAX_KEY_CHARS = 256;

  private final String stream;
  private final int maxRecordBytes;
  private final OversizeHandler oversize;
  private final ByteBudget budget;
  private final Dispatcher dispatcher;
  private final Counters counters;
  private final ToAllShards toAllShards;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
  private volatile boolean closed;

  KinesisWriter(
      Dispatcher.Service service,
      WriterOptions options,
      OversizeHandler oversize,
      String stream,
      Limits limits) {
    this.stream = stream;
    this.maxRecordBytes = limits.maxRecordBytes();
    this.oversize = oversize;
    this.budget = new ByteBudget(options.bufferBytes());
    this.counters = new Counters();
    this.dispatcher =
        new Dispatcher(
            service,
            options,
            oversize,
            budget,
            new Dispatcher.Start(stream, limits.map(), counters, limits.backoff()));
    this.toAllShards = new ToAllShards(service, limits.identity(), limits.backoff(), () -> closed);
    dispatcher.start();
  }

  /**
   * What the stream takes, and where, and how to wait after a failure.
   *
   * @param identity tells the stream from those of the same name elsewhere
   */
  record Limits(int maxRecordBytes, ShardMap map, Backoff backoff, String identity) {}

  @Override
  public CompletableFuture<Void> write(List<StreamRecord> records) {
    PipelineException earlier = dispatcher.failure();
    if (earlier != null) {
      return CompletableFuture.failedFuture(earlier);
    }
    Batch batch = new Batch();
    List<Entry> entries = new ArrayList<>(records.size());
    try {
      for (StreamRecord record : records) {
        add(entries, record, batch);
      }
    } catch (PipelineException e) {
      dispatcher.stop(e);
      return CompletableFuture.failedFuture(e);
    }
    await(entries);
    dispatcher.submit(batch, entries);
    last = batch.stored;
    return batch.stored;
  }

  /** Batches are stored in order, so that the last one tells of all. */
  @Override
  public CompletableFuture<Void> writeToAll(Marker marker) {
    try {
      last.get();
      toAllShards.write(marker);
    } catch (PipelineException e) {
      dispatcher.stop(e);
      last = CompletableFuture.failedFuture(e);
    } catch (ExecutionException e) {
      // Whoever gave that batch knows, and this one cannot be behind it.
      LOG.debug("nothing is written behind a batch that failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.retryable(
          "interrupted while waiting for stream '" + stream + "' to take a table change", e);
    }
    return last;
  }

  private void add(List<Entry> entries, StreamRecord record, Batch batch) {
    Entry entry = Entry.of(record, batch, false);
    PipelineException reason = refusal(entry);
    if (reason == null) {
      entries.add(entry);
      return;
    }
    counters.oversize.increment();
    for (Entry instead : Entry.replacements(oversize.replace(record, reason), batch)) {
      PipelineException again = refusal(instead);
      if (again != null) {
        throw again;
      }
      entries.add(instead);
    }
    batch.closed();
  }

  private static boolean isKey(String key) {
    return !key.isEmpty() && key.codePointCount(0, key.length()) <= MAX_KEY_CHARS;
  }

  private @Nullable PipelineException refusal(Entry entry) {
    String key = entry.record().partitionKey();
    if (!isKey(key)) {
      return PipelineException.permanent(
          "stream '" + stream + "' takes no partition key of " + key.length() + " characters",
          "Choose another partition key in the table mappings: 1 to 256 characters.",
          null);
    }
    if (entry.bytes() > maxRecordBytes) {
      return PipelineException.permanent(
          "a record with the partition key '"
              + key
              + "' has "
              + entry.bytes()
              + " bytes, and stream '"
              + stream
              + "' takes "
              + maxRecordBytes,
          "Raise the stream's limit (UpdateMaxRecordSize, up to 10 MiB), or leave large columns"
              + " out in the table mappings.",
          null);
    }
    return null;
  }

  private void await(List<Entry> entries) {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.memoryBytes();
    }
    try {
      budget.take(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.retryable(
          "interrupted while waiting for stream '" + stream + "' to take records", e);
    }
  }

  /** What this writer has done so far. */
  public WriterCounts counts() {
    return new WriterCounts(
        counters.records.sum(),
        counters.bytes.sum(),
        counters.requests.sum(),
        counters.failedRequests.sum(),
        counters.throttled.sum(),
        counters.oversize.sum(),
        budget.used());
  }

  /** Waits for what is on its way, 30 seconds at most; what is not stored then fails. */
  @Override
  public void close() {
    closed = true;
    try {
      dispatcher.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
