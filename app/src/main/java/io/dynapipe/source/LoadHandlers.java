package io.dynapipe.source;

import io.dynapipe.event.TableChange;

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
}
