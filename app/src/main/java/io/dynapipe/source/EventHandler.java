package io.dynapipe.source;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;

/**
 * Takes what a change stream reads, in commit order. Calls never overlap; a call that blocks holds
 * the stream back, and with it the source's memory stays bounded.
 *
 * <p>After a reconnection events that were handed over already may come again, from the start of
 * their transaction.
 */
public interface EventHandler {

  /**
   * One change.
   *
   * @param schema the table's definition as of this event; for a drop or truncate, the last one
   *     known
   */
  void onEvent(ChangeEvent event, TableSchema schema) throws InterruptedException;

  /**
   * All events of transactions that committed before this position have been handed over. Also told
   * for keep-alives and for transactions in which nothing was selected; never inside a transaction.
   * Once those events are durable, the position may be confirmed to the source.
   */
  void onPosition(Lsn position) throws InterruptedException;

  /**
   * Nothing more can be read right now: what is buffered should go out. Told again and again while
   * that lasts, so it must be cheap when nothing is buffered.
   */
  void onIdle() throws InterruptedException;

  /**
   * A table that was found while streaming cannot be loaded, for a reason that trying again does
   * not cure. Its changes are left out, since they would have gaps, until it is reloaded or the
   * stream starts again. When the call throws, the stream ends with that.
   */
  default void onTableSuspended(TableName table, PipelineException cause) {
    throw cause;
  }

  /**
   * A table's definition was changed in a way that gave rows new values without a trace in the log:
   * the table is loaded again after this transaction, or when the stream starts again.
   */
  default void onTableRewritten(TableName table) {}

  /**
   * All rows of a table that was found while streaming, or that is loaded again, are about to be
   * handed over. If that does not come to its end, {@link #onTableLoaded}, the table has to be
   * loaded when the stream starts again.
   */
  default void onTableLoading(TableName table) {}

  /** They have been handed over. */
  default void onTableLoaded(TableName table) {}
}
