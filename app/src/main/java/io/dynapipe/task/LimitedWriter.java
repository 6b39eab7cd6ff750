package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.kinesis.OversizeHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Writes to a stream that takes records of any size, and lets a handler decide about those that are
 * larger than a user wants them to be. As thread-safe as the writer.
 */
final class LimitedWriter implements RecordWriter {

  private final RecordWriter writer;
  private final long maxBytes;
  private final OversizeHandler handler;

  /**
   * A writer in front of another one, which it closes.
   *
   * @param maxBytes of a record, its partition key included
   */
  LimitedWriter(RecordWriter writer, long maxBytes, OversizeHandler handler) {
    this.writer = writer;
    this.maxBytes = maxBytes;
    this.handler = handler;
  }

  @Override
  public CompletableFuture<Void> write(List<StreamRecord> records) {
    boolean small = records.stream().allMatch(this::fits);
    return writer.write(small ? records : replaced(records));
  }

  private boolean fits(StreamRecord record) {
    return record.byteSize() <= maxBytes;
  }

  private List<StreamRecord> replaced(List<StreamRecord> records) {
    List<StreamRecord> taken = new ArrayList<>(records.size());
    for (StreamRecord record : records) {
      if (fits(record)) {
        taken.add(record);
      } else {
        taken.addAll(handler.replace(record, tooLarge(record)));
      }
    }
    return taken;
  }

  private PipelineException tooLarge(StreamRecord record) {
    return PipelineException.permanent(
        "the record of key '%s' has %d bytes, more than the limit of %d bytes"
            .formatted(record.partitionKey(), record.byteSize(), maxBytes),
        "Raise max_record_bytes of the stream's URL, or leave its large column out by a mapping.",
        null);
  }

  @Override
  public CompletableFuture<Void> writeToAll(Marker marker) {
    return writer.writeToAll(marker);
  }

  @Override
  public void close() {
    writer.close();
  }
}
