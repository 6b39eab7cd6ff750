package io.dynapipe.service.engine;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.event.TableName;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.kinesis.KinesisStream;
import io.dynapipe.stream.kinesis.OversizeHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** A stream of Amazon Kinesis that a task writes; others read it. One thread at a time. */
final class KinesisTarget implements RecordWriter {

  private final KinesisStream stream;
  private final RecordWriter writer;

  private KinesisTarget(KinesisStream stream, RecordWriter writer) {
    this.stream = stream;
    this.writer = writer;
  }

  /**
   * Opens a stream.
   *
   * @param beforeImageField the member of messages with old values
   * @param onDurable told what has been stored there
   * @throws io.dynapipe.error.PipelineException as {@link KinesisStream#open}
   */
  static KinesisTarget open(
      KinesisUrl url, String beforeImageField, BiConsumer<TableName, TableCounts> onDurable) {
    KinesisStream stream = KinesisStream.open(url);
    try {
      // A quarantine would have to be in the database of whoever reads the stream.
      RecordWriter writer = stream.writer(OversizeHandler.REFUSE);
      return new KinesisTarget(stream, new CountingWriter(writer, beforeImageField, onDurable));
    } catch (RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  @Override
  public CompletableFuture<Void> write(List<StreamRecord> records) {
    return writer.write(records);
  }

  @Override
  public CompletableFuture<Void> writeToAll(Marker marker) {
    return writer.writeToAll(marker);
  }

  @Override
  public void close() {
    try {
      writer.close();
    } finally {
      stream.close();
    }
  }
}
