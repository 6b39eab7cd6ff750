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

  /** Waits for what is on its way, then frees resources. */
  @Override
  void close();
}
