package io.dynapipe.verify;

import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.TargetRow;
import java.util.function.Consumer;

/** Reads whole tables of a target. */
@FunctionalInterface
interface TargetReader {

  /**
   * Hands over each row of a table.
   *
   * @param schema the table's definition as events tell it
   * @return false when there is no such table
   */
  boolean read(TableSchema schema, Consumer<TargetRow> handler);
}
