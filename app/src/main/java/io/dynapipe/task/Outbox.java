package io.dynapipe.task;

import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.StreamRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Gathers records into batches for the stream. One thread at a time; several outboxes may share a
 * writer, whose calls they take turns in.
 */
final class Outbox implements EventEncoder.Out {

  /** Large enough that the cost of a write is spread thin, small enough to stay in the caches. */
  private static final int BATCH_BYTES = 1 << 20;

  private static final int BATCH_RECORDS = 4_000;

  private final RecordWriter writer;
  private final int maxRecords;
  private List<StreamRecord> batch = new ArrayList<>();
  private int bytes;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  Outbox(RecordWriter writer) {
    this(writer, BATCH_RECORDS);
  }

  /**
   * One that is full earlier.
   *
   * @param maxRecords of a batch
   */
  Outbox(RecordWriter writer, int maxRecords) {
    this.writer = writer;
    this.maxRecords = Math.min(maxRecords, BATCH_RECORDS);
  }

  @Override
  public void add(StreamRecord record) {
    batch.add(record);
    bytes += record.byteSize();
  }

  @Override
  public void addToAll(RecordWriter.Marker marker) {
    CompletableFuture<Void> before = flush();
    CompletableFuture<Void> write;
    synchronized (writer) {
      write = writer.writeToAll(marker);
    }
    last = before.thenCompose(x -> write);
  }

  boolean isEmpty() {
    return batch.isEmpty();
  }

  boolean isFull() {
    return bytes >= BATCH_BYTES || batch.size() >= maxRecords;
  }

  /** Sends what is gathered; completes when that, and so all sent before, is durable. */
  CompletableFuture<Void> flush() {
    if (!batch.isEmpty()) {
      List<StreamRecord> full = batch;
      batch = new ArrayList<>(Math.min(full.size() * 2, BATCH_RECORDS));
      bytes = 0;
      CompletableFuture<Void> write;
      synchronized (writer) {
        write = writer.write(full);
      }
      last =
          last.isDone() && !last.isCompletedExceptionally() ? write : last.thenCompose(x -> write);
    }
    return last;
  }
}
