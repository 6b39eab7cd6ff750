package io.dynapipe.task;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.EventHandler;

/**
 * Brings the source's changes into the stream, and tells which position is durable there. Called by
 * the thread that reads the source; {@link #durable} by any thread.
 */
final class ChangeFeed implements EventHandler {

  private final EventEncoder encoder;
  private final Outbox outbox;
  private final TaskStatistics statistics;
  private final InOrder<Lsn> unconfirmed = new InOrder<>();
  private Lsn handedOver = Lsn.NONE;
  private Lsn flushed = Lsn.NONE;
  private volatile Lsn durable = Lsn.NONE;

  ChangeFeed(EventEncoder encoder, Outbox outbox, TaskStatistics statistics) {
    this.encoder = encoder;
    this.outbox = outbox;
    this.statistics = statistics;
  }

  @Override
  public void onEvent(ChangeEvent event, TableSchema schema) {
    statistics.captured(event);
    encoder.encode(event, schema, outbox::add);
    if (outbox.isFull()) {
      flush();
    }
  }

  @Override
  public void onPosition(Lsn position) {
    handedOver = handedOver.max(position);
    if (outbox.isEmpty()) {
      // Nothing waits: keep-alives, too, move what the source may forget.
      flush();
    }
  }

  @Override
  public void onIdle() {
    flush();
  }

  private void flush() {
    if (!outbox.isEmpty() || handedOver.compareTo(flushed) > 0) {
      unconfirmed.add(outbox.flush(), handedOver);
      flushed = handedOver;
    }
    unconfirmed.drain(position -> durable = durable.max(position));
  }

  /** Waits until all that was handed over is durable. */
  void finish() {
    flush();
    unconfirmed.drainAll(position -> durable = durable.max(position));
  }

  /** All events up to here are stored in the stream; NONE before the first is. */
  Lsn durable() {
    return durable;
  }
}
