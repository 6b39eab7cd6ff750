package io.dynapipe.processor;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.dms.Fence;
import io.dynapipe.dms.Oversize;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable Fences fences;
  private final DefinitionWait definitions;
  private final Pieces pieces;

  /** For records in one order, of which none waits for others. */
  public BatchProcessor(DmsDecoder decoder, Sink sink, Clock clock) {
    this(decoder, sink, clock, null, DefinitionWait.none());
  }

  private BatchProcessor(
      DmsDecoder decoder,
      Sink sink,
      Clock clock,
      @Nullable Fences fences,
      DefinitionWait definitions) {
    this.decoder = decoder;
    this.sink = sink;
    this.clock = clock;
    this.held = new HeldKeys(sink.quarantine(), clock);
    this.fences = fences;
    this.definitions = definitions;
    this.pieces = new Pieces(sink.bookmarks());
  }

  /**
   * For one shard of several: what concerns other shards' rows, too, waits until their readers have
   * come so far.
   */
  public static BatchProcessor ofShard(
      DmsDecoder decoder, Sink sink, Clock clock, DefinitionWait definitions) {
    return new BatchProcessor(decoder, sink, clock, new Fences(sink.bookmarks()), definitions);
  }

  /** Records with their events, in order. Immutable. */
  public static final class Decoded {

    private final List<StoredRecord> records;

    /** For each record its event, or a piece of one, or why it is none. */
    private final List<Object> events;

    private Decoded(List<StoredRecord> records, List<Object> events) {
      this.records = records;
      this.events = events;
    }

    /** How many records these are. */
    public int size() {
      return records.size();
    }
  }

  /**
   * Decodes a batch without touching the sink, so that another batch can be written meanwhile. One
   * thread at a time, which may be another than that of {@link #process(Decoded)}.
   */
  public Decoded decode(List<StoredRecord> batch) {
    List<Object> events = new ArrayList<>(batch.size());
    batch.forEach(stored -> events.add(decode(stored)));
    return new Decoded(batch, events);
  }

  /**
   * As {@link #decode}, but only the first records of a batch: those before the next one that must
   * wait until they have left the stream, so that what follows it is decoded but once.
   */
  public Decoded decodeFirst(List<StoredRecord> batch) {
    List<Object> events = new ArrayList<>();
    for (StoredRecord stored : batch) {
      Object event = decode(stored);
      if (!events.isEmpty() && isFenced(event)) {
        break;
      }
      events.add(event);
    }
    return new Decoded(batch.subList(0, events.size()), events);
  }

  private boolean isFenced(Object decoded) {
    return fences != null && decoded instanceof ChangeEvent event && Fence.isOn(event);
  }

  private Object decode(StoredRecord stored) {
    Oversize.Piece piece = Oversize.piece(stored.data());
    if (piece != null) {
      return piece;
    }
    try {
      synchronized (decoder) {
        return decoder.decode(stored.data(), where(stored));
      }
    } catch (PipelineException unreadable) {
      return unreadable;
    }
  }

  /** As {@link #process(Decoded)}. */
  public BatchOutcome process(List<StoredRecord> batch) {
    return process(decode(batch));
  }

  /**
   * Applies a batch. Passing trouble of the target does not throw: the outcome then names the first
   * record to give again. So it does when a record waits for other shards, with all before it
   * durable; give the rest again without what was before, which must not come again.
   *
   * @param batch records of one shard in order
   */
  public BatchOutcome process(Decoded batch) {
    return begin(batch, null).end();
  }

  /** A batch whose last rows may be on their way to the sink. */
  public interface Running {

    /** Waits for them; the same answer at each call. See {@link #process(Decoded)}. */
    BatchOutcome end();
  }

  /**
   * Begins to apply a batch, so that the sink is not idle while the next one is prepared.
   *
   * @param before the batch before, begun here; ended by this call if it has to be. If it fails, so
   *     does this one. Null when nothing has been begun
   */
  public Running begin(Decoded batch, @Nullable Running before) {
    BatchRun run = new BatchRun(batch.records, sink, held, clock, (BatchRun) before);
    try {
      held.refresh();
      begin(run, batch);
    } catch (BatchRun.Outdated e) {
      held.forget();
      return begin(batch, null);
    } catch (PipelineException failure) {
      run.failed(failure);
    }
    return run;
  }

  private void begin(BatchRun run, Decoded batch) {
    for (int index = 0; index < batch.events.size(); index++) {
      String waitsFor = step(run, batch.events.get(index), index, batch.records.get(index).shard());
      if (waitsFor != null) {
        run.waits(index, waitsFor);
        return;
      }
    }
    run.begin();
  }

  /** What the record waits for; null when it is done with. */
  private @Nullable String step(BatchRun run, Object decoded, int index, String shard) {
    if (decoded instanceof Oversize.Piece piece) {
      pieces.keep(piece);
    } else if (decoded instanceof ChangeEvent event) {
      return step(run, event, index, shard);
    } else {
      run.unreadable(index, (PipelineException) decoded);
    }
    return null;
  }

  private @Nullable String step(BatchRun run, ChangeEvent event, int index, String shard) {
    Fence fence;
    Oversize oversize;
    try {
      fence = Fence.of(event);
      oversize = Oversize.of(event);
    } catch (PipelineException unreadable) {
      run.unreadable(index, unreadable);
      return null;
    }
    if (fences != null && fence != null) {
      return fenced(run, fences, fence, event, index, shard);
    }
    if (event instanceof RowChange change && run.waits(change, definitions)) {
      sink.forgetTables();
      return "a row of " + change.table() + " waits for the table's definition";
    }
    if (oversize != null && event instanceof RowChange change) {
      oversize(run, oversize, change, index);
    } else {
      apply(run, event, index);
    }
    return null;
  }

  /** The event stands for one whose text is kept in the target. */
  private void oversize(BatchRun run, Oversize oversize, RowChange standIn, int index) {
    String whole = pieces.whole(oversize);
    if (whole == null && pieces.isHandled(oversize)) {
      return;
    }
    String reason =
        "the record has %d bytes, more than the stream takes.".formatted(oversize.bytes())
            + " Raise the stream's limit (max_record_bytes of an embedded one), or let records be"
            + " split (oversize=split of a Kinesis stream).";
    if (whole == null) {
      run.refuse(index, standIn, reason + " Its text is missing: load the table again.");
      return;
    }
    run.replace(index, whole.getBytes(StandardCharsets.UTF_8));
    if (oversize.apply()) {
      joined(run, index);
    } else {
      run.refuse(index, standIn, reason);
    }
    run.finish();
    pieces.handled(oversize);
  }

  private void joined(BatchRun run, int index) {
    ChangeEvent event;
    try {
      // The next batch may be decoded meanwhile.
      synchronized (decoder) {
        event = decoder.decode(run.data(index), "a record joined of pieces");
      }
    } catch (PipelineException unreadable) {
      run.unreadable(index, unreadable);
      return;
    }
    apply(run, event, index);
  }

  private static void apply(BatchRun run, ChangeEvent event, int index) {
    if (event instanceof RowChange change) {
      run.row(index, change);
    } else {
      run.table(index, (TableChange) event);
    }
  }

  private static @Nullable String fenced(
      BatchRun run, Fences fences, Fence fence, ChangeEvent event, int index, String shard) {
    if (index > 0) {
      // What is before must have left the stream for good before others rely on it.
      return "what is before a change of " + event.table() + " is marked as handled";
    }
    switch (fences.turn(fence, shard)) {
      case WAIT -> {
        return "a change of " + event.table() + " waits for shards " + fences.missing(fence);
      }
      case APPLY -> {
        apply(run, event, index);
        run.finish();
        fences.done(fence);
      }
      case PASS -> run.forget();
    }
    return null;
  }

  private static String where(StoredRecord stored) {
    return "shard " + stored.shard() + ", sequence number " + stored.sequenceNumber();
  }
}
