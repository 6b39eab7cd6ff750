package io.dynapipe.stream.embedded;

import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads shards through a connection of its own. Thread-safe. */
final class EmbeddedReader implements RecordReader {

  /** How often to look for what another process has written. */
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final EmbeddedStream stream;
  private final StateFile file;
  private final Sqlite sqlite;
  private final Map<String, ShardReader> shards = new HashMap<>();
  private volatile boolean closed;

  EmbeddedReader(EmbeddedStream stream, StateFile file, Sqlite sqlite) {
    this.stream = stream;
    this.file = file;
    this.sqlite = sqlite;
    for (ShardLog shard : stream.shards()) {
      shards.put(shard.name(), new ShardReader(shard, file, sqlite));
    }
  }

  @Override
  public List<String> shards() {
    return stream.shards().stream().map(ShardLog::name).toList();
  }

  @Override
  public List<StoredRecord> read(
      String shard, @Nullable SequenceNumber after, int maxRecords, long maxBytes, Duration wait)
      throws InterruptedException {
    ShardLog log = stream.shard(shard);
    ShardReader reader = shards.get(shard);
    if (reader == null) {
      throw new IllegalStateException("shard " + shard + " without reader");
    }
    long handled = after == null ? ShardReader.OLDEST : EmbeddedCheckpoints.number(after);
    long start = System.nanoTime();
    long nanos = EmbeddedStream.toNanos(wait);
    List<StoredRecord> records = new ArrayList<>();
    while (!isClosed() && !read(reader, handled, maxRecords, maxBytes, records)) {
      long rest = nanos - (System.nanoTime() - start);
      if (rest <= 0) {
        break;
      }
      awaitWrite(log, handled, rest);
    }
    return records;
  }

  /** Only the owner learns of each write; others look again after a while. */
  private void awaitWrite(ShardLog log, long handled, long nanos) throws InterruptedException {
    EmbeddedStream.Wish wish =
        stream.isOwned()
            ? () -> closed || log.lastSequence() > Math.max(handled, log.trimmedThrough())
            : () -> closed;
    boolean unused = stream.await(wish, stream.isOwned() ? nanos : Math.min(nanos, POLL_NANOS));
  }

  private boolean read(
      ShardReader reader, long handled, int maxRecords, long maxBytes, List<StoredRecord> records) {
    try {
      return reader.read(handled, maxRecords, maxBytes, records);
    } catch (PipelineException e) {
      if (isClosed()) {
        return false;
      }
      throw e;
    }
  }

  private boolean isClosed() {
    return closed || stream.isClosed();
  }

  @Override
  public void close() {
    closed = true;
    stream.signalChange();
    synchronized (sqlite) {
      try {
        sqlite.close();
      } catch (SQLException e) {
        throw SqliteErrors.translate(file.path(), e);
      }
    }
  }
}
