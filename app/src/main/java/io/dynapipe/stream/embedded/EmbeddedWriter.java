package io.dynapipe.stream.embedded;

import io.dynapipe.config.ByteSizes;
import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends batches. Batches are encoded on the caller's thread and committed on the store's, several
 * at once when they come faster than the disk confirms them. One thread at a time.
 */
final class EmbeddedWriter implements RecordWriter {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedWriter.class);
  private static final long REMINDER_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final EmbeddedStream stream;
  private final Committer committer;
  private final Clock clock;
  private final HashRanges ranges;

  private volatile @Nullable PipelineException failure;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  EmbeddedWriter(EmbeddedStream stream, Committer committer, Clock clock) {
    this.stream = stream;
    this.committer = committer;
    this.clock = clock;
    this.ranges = new HashRanges(stream.shards().size());
  }

  @Override
  public CompletableFuture<Void> write(List<StreamRecord> records) {
    PipelineException earlier = failure;
    if (earlier != null) {
      return CompletableFuture.failedFuture(earlier);
    }
    if (records.isEmpty()) {
      return last;
    }
    awaitSpace();
    Append append = new Append(encode(records));
    last = committer.submit(append, append.bytes());
    return last;
  }

  /** Writes come one after another, and one append has a place in all shards at once. */
  @Override
  public CompletableFuture<Void> writeToAll(Marker marker) {
    PipelineException earlier = failure;
    if (earlier != null) {
      return CompletableFuture.failedFuture(earlier);
    }
    List<String> names = stream.shards().stream().map(ShardLog::name).toList();
    List<StreamRecord> records = marker.records(stream.identity(), names);
    @Nullable Chunk[] chunks = new @Nullable Chunk[names.size()];
    for (int shard = 0; shard < chunks.length; shard++) {
      chunks[shard] = Chunk.encode(List.of(records.get(shard)));
    }
    awaitSpace();
    Append append = new Append(chunks);
    last = committer.submit(append, append.bytes());
    return last;
  }

  /** For each shard its records of the batch, in order; null where it has none. */
  private @Nullable Chunk[] encode(List<StreamRecord> records) {
    @Nullable Chunk[] chunks = new @Nullable Chunk[stream.shards().size()];
    if (chunks.length == 1) {
      chunks[0] = Chunk.encode(records);
      return chunks;
    }
    @SuppressWarnings({"unchecked", "rawtypes"})
    @Nullable List<StreamRecord>[] parts = new List[chunks.length];
    for (StreamRecord record : records) {
      int shard = ranges.shard(record.partitionKey());
      List<StreamRecord> part = parts[shard];
      if (part == null) {
        part = new ArrayList<>();
        parts[shard] = part;
      }
      part.add(record);
    }
    for (int shard = 0; shard < parts.length; shard++) {
      List<StreamRecord> part = parts[shard];
      chunks[shard] = part == null ? null : Chunk.encode(part);
    }
    return chunks;
  }

  private void awaitSpace() {
    if (!stream.isFull()) {
      return;
    }
    try {
      do {
        LOG.warn(
            "stream '{}' is full: {} are kept until consumers have handled them, and the source has"
                + " to wait, which keeps WAL there. Start or repair the consumers; if the disk has"
                + " room, give the stream a higher max_bytes.",
            stream.name(),
            ByteSizes.format(stream.storedBytes()));
      } while (!stream.await(() -> !stream.isFull(), REMINDER_NANOS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.retryable(
          "interrupted while stream '" + stream.name() + "' was full", e);
    }
    if (stream.isClosed()) {
      throw new IllegalStateException("stream '" + stream.name() + "' is closed");
    }
  }

  /** Waits for the last batch; its failure has been told to whoever wrote it. */
  @Override
  public void close() {
    last.exceptionally(failed -> null).join();
  }

  /** A batch on its way. */
  private final class Append implements Work {

    private final @Nullable Chunk[] chunks;

    Append(@Nullable Chunk[] chunks) {
      this.chunks = chunks;
    }

    long bytes() {
      long bytes = 0;
      for (Chunk chunk : chunks) {
        bytes += chunk == null ? 0 : chunk.payload().length;
      }
      return bytes;
    }

    /** A batch behind one that failed would leave a gap. */
    @Override
    public @Nullable PipelineException refusal() {
      return stream.isDeleted()
          ? PipelineException.permanent("stream '" + stream.name() + "' was deleted", null, null)
          : failure;
    }

    @Override
    public void run(Sqlite sqlite) throws SQLException {
      long now = clock.millis();
      for (int shard = 0; shard < chunks.length; shard++) {
        Chunk chunk = chunks[shard];
        if (chunk != null) {
          stream.shards().get(shard).append(sqlite, chunk, now);
        }
      }
    }

    @Override
    public void committed() {
      stream.shards().forEach(ShardLog::committed);
      stream.signalChange();
    }

    @Override
    public void rolledBack(PipelineException cause) {
      failure = cause;
      stream.shards().forEach(ShardLog::rolledBack);
    }
  }
}
