package io.dynapipe.mapping.transform;

import io.dynapipe.event.Column;
import java.util.List;
import java.util.Set;

/**
 * A column that a stage writes.
 *
 * @param inputs the stage's input columns that it is made of
 * @param steps what its value goes through, when it is made of one column by steps
 * @param isCopy whether it is an input column as it is, but perhaps for its name
 */
record PlannedColumn(
    Column column, ColumnOp op, Set<Integer> inputs, List<ValueStep> steps, boolean isCopy) {

  PlannedColumn {
    inputs = Set.copyOf(inputs);
    steps = List.copyOf(steps);
  }

  static PlannedColumn copy(Column column, int input) {
    return new PlannedColumn(column, ColumnOps.copy(input), Set.of(input), List.of(), true);
  }

  static PlannedColumn steps(Column column, int input, List<ValueStep> steps) {
    return steps.isEmpty()
        ? copy(column, input)
        : new PlannedColumn(column, ColumnOps.steps(input, steps), Set.of(input), steps, false);
  }

  static PlannedColumn made(Column column, ColumnOp op, Set<Integer> inputs) {
    return new PlannedColumn(column, op, inputs, List.of(), false);
  }

  String name() {
    return column.name();
  }
}
