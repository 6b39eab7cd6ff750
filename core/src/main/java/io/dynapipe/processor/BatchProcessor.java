package io.dynapipe.processor;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.StoredRecord;
import java.time.Clock;
import java.util.ArrayList;
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

  /** Records with their events, in order. Immutable. */
  public static final class Decoded {

    private final List<StoredRecord> records;

    /** For each record its event, or why it is none. */
    private final List<Object> events;

    private Decoded(List<StoredRecord> records, List<Object> events) {
      this.records = records;
      this.events = events;
    }
  }

  /**
   * Decodes a batch without touching the sink, so that another batch can be written meanwhile. One
   * thread at a time, which may be another than that of {@link #process(Decoded)}.
   */
  public Decoded decode(List<StoredRecord> batch) {
    List<Object> events = new ArrayList<>(batch.size());
    for (StoredRecord stored : batch) {
      try {
        events.add(decoder.decode(stored.data(), where(stored)));
      } catch (PipelineException unreadable) {
        events.add(unreadable);
      }
    }
    return new Decoded(batch, events);
  }

  /** As {@link #process(Decoded)}. */
  public BatchOutcome process(List<StoredRecord> batch) {
    return process(decode(batch));
  }

  /**
   * Applies a batch. Passing trouble of the target does not throw: the outcome then names the first
   * record to give again.
   *
   * @param batch records of one shard in order
   */
  public BatchOutcome process(Decoded batch) {
    BatchRun run = new BatchRun(batch.records, sink, held, clock);
    try {
      held.refresh();
      for (int index = 0; index < batch.events.size(); index++) {
        step(run, batch.events.get(index), index);
      }
      run.finish();
      return run.complete();
    } catch (PipelineException failure) {
      return run.failed(failure);
    }
  }

  private static void step(BatchRun run, Object event, int index) {
    if (event instanceof PipelineException unreadable) {
      run.unreadable(index, unreadable);
    } else if (event instanceof RowChange change) {
      run.row(index, change);
    } else {
      run.table(index, (TableChange) event);
    }
  }

  private static String where(StoredRecord stored) {
    return "shard " + stored.shard() + ", sequence number " + stored.sequenceNumber();
  }
}
