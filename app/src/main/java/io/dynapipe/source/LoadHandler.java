package io.dynapipe.source;

import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableSchema;

/** Takes what one reader of a full load reads. Calls come from one thread at a time. */
public interface LoadHandler {

  /** This reader begins to read a range, or what has changed of it since an earlier load. */
  default void onRangeBegin(LoadRange range) {}

  /** One row, as it stood in the snapshot. A call that blocks holds this reader back. */
  void onRow(RowChange row, TableSchema schema) throws InterruptedException;

  /**
   * All rows of a range have been handed over to this handler. Once they are durable the range may
   * be recorded as done, so that a load that starts again does not read it again.
   *
   * @param rows rows read from the range
   * @param bytes bytes the source sent for them
   */
  void onRangeEnd(LoadRange range, long rows, long bytes) throws InterruptedException;
}
