package io.dynapipe.processor;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.StoredRecord;
import java.time.Clock;
import java.util.List;

/**
 * Applies ordered batches of one shard to a sink: decodes, compacts the changes of each key to its
 * last state, keeps table changes in their place, and sets aside what cannot be applied. One thread
 * at a time; each shard has a processor of its own.
 */
public final class BatchProcessor {

  private final DmsDecoder decoder;
  private final Sink sink;
  private final HeldKeys held;
  private final Clock clock;

  public BatchProcessor(DmsDecoder decoder, Sink sink, Clock clock) {
    this.decoder = decoder;
    this.sink = sink;
    this.clock = clock;
    this.held = new HeldKeys(sink.quarantine(), clock);
  }

  /**
   * Applies a batch. Passing trouble of the target does not throw: the outcome then names the first
   * record to give again.
   *
   * @param batch records of one shard in order
   */
  public BatchOutcome process(List<StoredRecord> batch) {
    BatchRun run = new BatchRun(batch, sink, held, clock);
    try {
      held.refresh();
      for (int index = 0; index < batch.size(); index++) {
        step(run, batch.get(index), index);
      }
      run.finish();
      return run.complete();
    } catch (PipelineException failure) {
      return run.failed(failure);
    }
  }

  private void step(BatchRun run, StoredRecord stored, int index) {
    ChangeEvent event;
    try {
      event = decoder.decode(stored.data(), where(stored));
    } catch (PipelineException unreadable) {
      run.unreadable(index, unreadable);
      return;
    }
    if (event instanceof RowChange change) {
      run.row(index, change);
    } else {
      run.table(index, (TableChange) event);
    }
  }

  private static String where(StoredRecord stored) {
    return "shard " + stored.shard() + ", sequence number " + stored.sequenceNumber();
  }
}
