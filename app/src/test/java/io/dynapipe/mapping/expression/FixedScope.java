package io.dynapipe.mapping.expression;

import io.dynapipe.event.RowOperation;
import java.util.List;
import java.util.Map;

/** Columns with fixed values; the time is 2026-11-22T10:20:30.456Z. */
record FixedScope(List<String> names, Map<String, Value> columns, RowOperation operation)
    implements Scope {

  static final long NOW = 1_795_342_830_456_000L;

  static FixedScope of(Expression expression, Map<String, Value> columns) {
    return new FixedScope(expression.columns(), columns, RowOperation.INSERT);
  }

  @Override
  public Value column(int index) {
    return columns.get(names.get(index));
  }

  @Override
  public Value header(Header header) {
    return new Value.Text(header.name());
  }

  @Override
  public long nowMicros() {
    return NOW;
  }
}
