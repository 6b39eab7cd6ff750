package io.dynapipe.service.engine;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableName;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what becomes durable in a stream that is a task's target, as DMS counts what it has put
 * into one: nobody here sees what becomes of it further on. One thread at a time.
 */
final class CountingWriter implements RecordWriter {

  private static final Logger LOG = LoggerFactory.getLogger(CountingWriter.class);

  private final RecordWriter writer;
  private final BiConsumer<TableName, TableCounts> onDurable;
  private final DmsDecoder decoder;

  /**
   * A writer that counts.
   *
   * @param writer closed with this one
   * @param beforeImageField the member of messages with old values
   * @param onDurable told by the threads of the stream
   */
  CountingWriter(
      RecordWriter writer, String beforeImageField, BiConsumer<TableName, TableCounts> onDurable) {
    this.writer = writer;
    this.decoder = new DmsDecoder(beforeImageField);
    this.onDurable = onDurable;
  }

  @Override
  public CompletableFuture<Void> write(List<StreamRecord> records) {
    Map<TableName, TableCounts> counts = count(records);
    return writer.write(records).thenRun(() -> counts.forEach(onDurable));
  }

  @Override
  public CompletableFuture<Void> writeToAll(Marker marker) {
    // What every shard gets is one change.
    Map<TableName, TableCounts> counts = count(marker.records("", List.of("")));
    return writer.writeToAll(marker).thenRun(() -> counts.forEach(onDurable));
  }

  private Map<TableName, TableCounts> count(List<StreamRecord> records) {
    Map<TableName, TableCounts> counts = new HashMap<>();
    try {
      for (StreamRecord record : records) {
        ChangeEvent event = decoder.decode(record.data(), "a record of our own");
        counts.merge(event.table(), one(event), TableCounts::plus);
      }
    } catch (PipelineException e) {
      LOG.warn("records go uncounted: {}", e.getMessage());
    }
    return counts;
  }

  private static TableCounts one(ChangeEvent event) {
    return event instanceof RowChange change
        ? TableCounts.of(change.operation(), 1)
        : TableCounts.ONE_TABLE_CHANGE;
  }

  @Override
  public void close() {
    writer.close();
  }
}
