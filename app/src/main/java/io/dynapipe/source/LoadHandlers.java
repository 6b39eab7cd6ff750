package io.dynapipe.source;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;

/** What a full load hands its events to. */
public interface LoadHandlers {

  /**
   * A table is about to be loaded; called by the thread that runs the load, once a table, before
   * any reader hands over a row of it. Rows may follow as soon as the call returns.
   *
   * @param create a CREATE_TABLE with the definition that the rows have
   */
  void onTable(TableChange create) throws InterruptedException;

  /**
   * The handler for one reader; asked once a reader, by the reader's own thread, before its first
   * row.
   *
   * @param reader from 0
   */
  LoadHandler forReader(int reader);

  /**
   * A table cannot be loaded, for a reason that trying again does not cure: a missing privilege, a
   * damaged page. Called by a reader's thread. When the call returns, the other tables go on and
   * nothing more is read of this one; when it throws, the load ends with that.
   */
  default void onTableFailed(TableName table, PipelineException failure) {
    throw failure;
  }
}
