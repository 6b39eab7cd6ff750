package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.Transaction;
import io.dynapipe.mapping.settings.DdlPolicy;
import io.dynapipe.source.EventHandler;
import java.time.Clock;

/**
 * Brings the source's changes into the stream, and tells which position is durable there. Called by
 * the thread that reads the source; {@link #durable} and {@link #isOver} by any thread.
 */
final class ChangeFeed implements EventHandler {

  private final EventEncoder encoder;
  private final Outbox outbox;
  private final CaptureProgress progress;
  private final TaskStatistics statistics;
  private final TableErrors errors;
  private final CdcWindow window;
  private final DdlPolicy ddl;
  private final boolean failsOnTruncate;
  private final Clock clock = Clock.systemUTC();
  private final InOrder<Lsn> unconfirmed = new InOrder<>();
  private Lsn handedOver = Lsn.NONE;
  private Lsn flushed = Lsn.NONE;
  private volatile Lsn durable = Lsn.NONE;
  private volatile boolean over;
  private volatile boolean idle;

  ChangeFeed(
      TaskDefinition definition,
      Outbox outbox,
      CaptureProgress progress,
      TaskStatistics statistics,
      TableErrors errors) {
    this.encoder = definition.encoder();
    this.outbox = outbox;
    this.progress = progress;
    this.statistics = statistics;
    this.errors = errors;
    this.window = definition.window();
    this.ddl = definition.settings().ddlPolicy();
    this.failsOnTruncate = definition.settings().errors().failOnTruncation();
  }

  @Override
  public void onEvent(ChangeEvent event, TableSchema schema) {
    idle = false;
    if (beginsLoad(event)) {
      errors.loadsAgain(event.table());
    }
    if (over || ends(event) || errors.isSuspended(event.table()) || !isWanted(event)) {
      return;
    }
    try {
      encoder.encode(event, schema, outbox);
    } catch (PipelineException e) {
      if (!TableErrors.isOfTable(e)) {
        throw e;
      }
      errors.suspend(event.table(), e);
      return;
    }
    statistics.captured(event);
    if (outbox.isFull()) {
      flush();
    }
  }

  /** A definition that does not come from the log comes before all rows of its table. */
  private static boolean beginsLoad(ChangeEvent event) {
    return event instanceof TableChange change
        && change.operation() == TableOperation.CREATE_TABLE
        && change.origin().position() == null;
  }

  /** Whether this is of a transaction behind the end; nothing after it is taken or confirmed. */
  private boolean ends(ChangeEvent event) {
    Transaction transaction = event.origin().transaction();
    if (transaction != null
        && transaction.commitMicros() != null
        && window.isBehind(transaction.commitMicros())) {
      over = true;
    }
    return over;
  }

  private boolean isWanted(ChangeEvent event) {
    if (!(event instanceof TableChange change)) {
      return true;
    }
    TableOperation operation = change.operation();
    return switch (operation) {
      case CREATE_TABLE -> true;
      case DROP_TABLE -> ddl.dropped();
      case TRUNCATE_TABLE -> isTruncateWanted(change);
      default -> ddl.altered();
    };
  }

  /** One that comes with a load has no place in the log, and is not the source's. */
  private boolean isTruncateWanted(TableChange change) {
    if (change.origin().position() == null) {
      return true;
    }
    if (failsOnTruncate) {
      throw PipelineException.permanent(
          change.table() + " was truncated at the source",
          "ApplyErrorFailOnTruncationDdl stops the task at it; set it to false to go on.",
          null);
    }
    return ddl.truncated();
  }

  @Override
  public void onPosition(Lsn position) {
    if (over) {
      return;
    }
    handedOver = handedOver.max(position);
    if (outbox.isEmpty()) {
      // Nothing waits: keep-alives, too, move what the source may forget.
      flush();
    }
  }

  @Override
  public void onIdle() {
    flush();
    idle = true;
  }

  @Override
  public void onTableSuspended(TableName table, PipelineException cause) {
    errors.suspend(table, cause);
  }

  @Override
  public void onTableRewritten(TableName table) {
    progress.loadOwed(table);
  }

  @Override
  public void onTableLoading(TableName table) {
    progress.loadOwed(table);
  }

  /** The load counts only when its rows are durable: a crash before that must load again. */
  @Override
  public void onTableLoaded(TableName table) {
    finish();
    progress.loadDone(table);
    errors.resume(table);
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

  /** Whether the end that was told has come. */
  boolean isOver() {
    return over || (idle && window.isOver(clock.millis() * 1_000));
  }
}
