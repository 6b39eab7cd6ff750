package io.dynapipe.mapping.expression;

import io.dynapipe.event.RowOperation;

/** What an expression is evaluated for. */
public interface Scope {

  /**
   * A column's value.
   *
   * @param index as in {@link Expression#columns}
   */
  Value column(int index);

  Value header(Header header);

  RowOperation operation();

  /** The time that {@code now} means: when the event was made, microseconds since 1970. */
  long nowMicros();
}
