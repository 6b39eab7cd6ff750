package io.dynapipe.sink.postgres;

import io.dynapipe.sink.Layout;
import io.dynapipe.sink.RowWrite;

/** How rows of one table are rendered, and the SQL that takes them. One thread at a time. */
interface RowFormat {

  /** The format of the table's layout. */
  static RowFormat of(TargetTable table) {
    return table.layout() == Layout.COLUMNS ? new ColumnsFormat(table) : new DocumentFormat(table);
  }

  /**
   * What the write has in common with others that can share its statements; equal for those, of one
   * kind always.
   */
  Object group(RowWrite write);

  /** An empty batch for writes of this one's group. */
  RowBatch begin(RowWrite first);

  /** Thrown when a value needs a column {@code aux} that a person's table does not have. */
  final class AuxNeeded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AuxNeeded(String column) {
      super("column '" + column + "' holds a value that only an aux column can hold exactly");
    }
  }
}
