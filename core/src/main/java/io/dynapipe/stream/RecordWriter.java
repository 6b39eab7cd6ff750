package io.dynapipe.stream;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Writes records into a stream. Records of one partition key are stored in the order of the calls,
 * also when some are throttled or fail and are tried again. One thread at a time.
 */
public interface RecordWriter extends AutoCloseable {

  /**
   * Takes a batch and blocks while too many bytes are on their way.
   *
   * @return completes when every record of the batch is durable; completes exceptionally (with a
   *     {@code PipelineException}) when one never will be, after which the writer takes no more
   */
  CompletableFuture<Void> write(List<StreamRecord> records);

  /** Makes records for shards. */
  @FunctionalInterface
  interface Marker {

    /**
     * One record for each shard, in the same order; asked again, for others, when the shards have
     * changed while these were written.
     *
     * @param stream tells the stream from others
     */
    List<StreamRecord> records(String stream, List<String> shards);
  }

  /**
   * Writes a record into every shard: behind all that was written before, and in front of all that
   * is written later. Blocks until that is certain. A shard may get its record twice, and others
   * than those that were named may get one when the shards changed meanwhile. A stream without
   * shards counts as one.
   *
   * @return as {@link #write} does
   */
  default CompletableFuture<Void> writeToAll(Marker marker) {
    return write(marker.records("", List.of("")));
  }

  /** Waits for what is on its way, then frees resources. */
  @Override
  void close();
}
