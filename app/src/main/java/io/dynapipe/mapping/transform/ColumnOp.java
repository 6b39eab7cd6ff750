package io.dynapipe.mapping.transform;

import io.dynapipe.event.RowBuilder;

/** Writes one column of a stage's output. Immutable, thread-safe. */
@FunctionalInterface
interface ColumnOp {

  void write(RowContext context, RowBuilder out);
}
