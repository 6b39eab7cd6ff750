package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.LoadHandler;
import io.dynapipe.source.LoadRange;
import java.util.concurrent.CompletableFuture;

/** Brings the rows of one full-load reader into the stream. One thread at a time. */
final class LoadFeed implements LoadHandler {

  private record Loaded(LoadRange range, long rows, long bytes) {}

  private final EventEncoder encoder;
  private final Outbox outbox;
  private final CaptureProgress progress;
  private final TaskStatistics statistics;
  private final TableErrors errors;
  private final InOrder<Loaded> ranges = new InOrder<>();

  LoadFeed(
      EventEncoder encoder,
      Outbox outbox,
      CaptureProgress progress,
      TaskStatistics statistics,
      TableErrors errors) {
    this.encoder = encoder;
    this.outbox = outbox;
    this.progress = progress;
    this.statistics = statistics;
    this.errors = errors;
  }

  @Override
  public void onRangeBegin(LoadRange range) {
    progress.rangeBegun(range);
  }

  @Override
  public void onRow(RowChange row, TableSchema schema) {
    if (errors.isSuspended(row.table())) {
      return;
    }
    try {
      encoder.encode(row, schema, outbox);
    } catch (PipelineException e) {
      if (!TableErrors.isOfTable(e)) {
        throw e;
      }
      errors.suspend(row.table(), e);
      return;
    }
    statistics.captured(row);
    if (outbox.isFull()) {
      CompletableFuture<Void> write = outbox.flush();
      if (write.isCompletedExceptionally()) {
        InOrder.join(write);
      }
    }
  }

  @Override
  public void onRangeEnd(LoadRange range, long rows, long bytes) {
    if (errors.isSuspended(range.table())) {
      return;
    }
    ranges.add(outbox.flush(), new Loaded(range, rows, bytes));
    ranges.drain(this::record);
  }

  /** Waits until all rows are durable. */
  void finish() {
    InOrder.join(outbox.flush());
    ranges.drainAll(this::record);
  }

  private void record(Loaded loaded) {
    progress.rangeLoaded(loaded.range(), loaded.rows(), loaded.bytes());
  }
}
