package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.EventHandler;

/**
 * Remembers whether a failure came from the handler: that one must end the stream, whatever it
 * looks like, while a failure of the source may be cured by connecting again. Also remembers the
 * last position told.
 */
final class GuardedHandler implements EventHandler {

  private final EventHandler handler;
  private boolean inside;
  private Lsn position;

  GuardedHandler(EventHandler handler, Lsn start) {
    this.handler = handler;
    this.position = start;
  }

  /** Whether the last call did not return normally. */
  boolean hasFailed() {
    return inside;
  }

  /** All transactions up to here have been handed over. */
  Lsn position() {
    return position;
  }

  @Override
  public void onEvent(ChangeEvent event, TableSchema schema) throws InterruptedException {
    inside = true;
    handler.onEvent(event, schema);
    inside = false;
  }

  @Override
  public void onPosition(Lsn newPosition) throws InterruptedException {
    if (newPosition.compareTo(position) <= 0) {
      return;
    }
    inside = true;
    handler.onPosition(newPosition);
    inside = false;
    position = newPosition;
  }

  @Override
  public void onIdle() throws InterruptedException {
    inside = true;
    handler.onIdle();
    inside = false;
  }

  @Override
  public void onTableRewritten(TableName table) {
    inside = true;
    handler.onTableRewritten(table);
    inside = false;
  }

  @Override
  public void onTableLoading(TableName table) {
    inside = true;
    handler.onTableLoading(table);
    inside = false;
  }

  @Override
  public void onTableLoaded(TableName table) {
    inside = true;
    handler.onTableLoaded(table);
    inside = false;
  }

  @Override
  public void onTableSuspended(TableName table, PipelineException cause) {
    inside = true;
    handler.onTableSuspended(table, cause);
    inside = false;
  }
}
