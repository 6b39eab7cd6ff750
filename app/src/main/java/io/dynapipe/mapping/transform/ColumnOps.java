package io.dynapipe.mapping.transform;

import io.dynapipe.event.RowOperation;
import io.dynapipe.event.ValueKind;
import io.dynapipe.mapping.expression.Expression;
import io.dynapipe.mapping.rule.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations of transformation rules. */
final class ColumnOps {

  private ColumnOps() {}

  static ColumnOp copy(int column) {
    return (context, out) -> context.copy(column, out);
  }

  /** A column through one step after the other; what is no value stays what it is. */
  static ColumnOp steps(int column, List<ValueStep> steps) {
    ValueStep[] all = steps.toArray(ValueStep[]::new);
    return (context, out) -> {
      if (!context.kind(column).hasValue()) {
        context.copy(column, out);
        return;
      }
      Cell cell = context.load(column);
      for (ValueStep step : all) {
        step.apply(cell);
      }
      cell.addTo(out);
    };
  }

  /**
   * An expression's result.
   *
   * @param expression null for NULL
   * @param slots the input columns that the expression names
   */
  static ColumnOp expression(@Nullable Expression expression, int[] slots, ColumnType type) {
    Conversion conversion = new Conversion(type);
    if (expression == null) {
      return (context, out) -> out.addNull();
    }
    boolean ofRowOnly = expression.isOfRowOnly();
    return (context, out) -> {
      if (context.isOld() && !ofRowOnly) {
        out.addAbsent();
        return;
      }
      Cell cell = context.cell();
      cell.set(expression.evaluate(context.slots(slots)));
      if (cell.kind().hasValue()) {
        conversion.apply(cell);
      }
      cell.addTo(out);
    };
  }

  /**
   * A column's value before the change: NULL for a new row, the value itself for one that goes.
   *
   * @param steps what the column itself goes through
   * @param key whether the column is of the key, which did not change when no old value is told
   */
  static ColumnOp beforeImage(int column, List<ValueStep> steps, boolean key) {
    ValueStep[] all = steps.toArray(ValueStep[]::new);
    return (context, out) -> {
      if (context.isOld()) {
        out.addAbsent();
        return;
      }
      if (context.operation() == RowOperation.LOAD || context.operation() == RowOperation.INSERT) {
        out.addNull();
        return;
      }
      boolean update = context.operation() == RowOperation.UPDATE;
      Cell cell = update ? context.loadOld(column) : context.load(column);
      boolean same = update && key && cell.kind() == ValueKind.ABSENT;
      if (same) {
        cell = context.load(column);
      }
      if (cell.kind().hasValue()) {
        for (ValueStep step : all) {
          step.apply(cell);
        }
      }
      cell.addTo(out);
    };
  }
}
