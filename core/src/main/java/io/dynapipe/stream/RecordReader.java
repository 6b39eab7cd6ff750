package io.dynapipe.stream;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a stream's shards. Thread-safe: each shard may have a thread of its own. */
public interface RecordReader extends AutoCloseable {

  /** Ids of the shards that can be read now. */
  List<String> shards();

  /**
   * The next records of a shard in order; empty when none came within the wait.
   *
   * @param after the last record already handled, or null to begin with the oldest kept
   * @param maxRecords at least 1
   * @param maxBytes the answer stops before it exceeds this, but holds at least one record
   * @throws io.dynapipe.error.PipelineException (permanent) when records after {@code after} have
   *     been trimmed: going on would lose them
   */
  List<StoredRecord> read(
      String shard, @Nullable SequenceNumber after, int maxRecords, long maxBytes, Duration wait)
      throws InterruptedException;

  /**
   * Whether the last read of a shard, which gave nothing, found that there was nothing. A stream
   * may give nothing for other reasons: it is not asked too often, or cannot be reached for a
   * moment.
   */
  default boolean sawEnd(String shard) {
    return true;
  }

  @Override
  void close();
}
