package io.dynapipe.mapping.transform;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import java.util.List;

/** Makes rows of other columns. Immutable, thread-safe. */
public final class Stage {

  private final List<Column> inputs;
  private final ColumnNames outputs;
  private final ColumnOp[] ops;

  Stage(List<Column> inputs, List<PlannedColumn> columns) {
    this.inputs = List.copyOf(inputs);
    this.outputs = ColumnNames.of(columns.stream().map(PlannedColumn::name).toList());
    this.ops = columns.stream().map(PlannedColumn::op).toArray(ColumnOp[]::new);
  }

  List<Column> inputs() {
    return inputs;
  }

  /** The row that the context holds, transformed. */
  Row apply(RowContext context, RowBuilder builder) {
    builder.begin(outputs);
    for (ColumnOp op : ops) {
      op.write(context, builder);
    }
    return builder.build();
  }
}
