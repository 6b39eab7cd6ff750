package io.dynapipe.mapping.rule;

import java.util.Map;

/**
 * How a filter compares.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.Filters.html">Using
 *     source filters</a>
 */
public enum FilterOperator {
  LTE(1, false),
  GTE(1, false),
  EQ(1, false),
  NOTEQ(1, true),
  BETWEEN(2, false),
  NOTBETWEEN(2, true),
  NULL(0, false),
  NOTNULL(0, true);

  /** By the document's word; {@code ste} is the guide's other name for {@code lte}. */
  static final Map<String, FilterOperator> BY_WORD =
      Map.of(
          "lte", LTE,
          "ste", LTE,
          "gte", GTE,
          "eq", EQ,
          "noteq", NOTEQ,
          "between", BETWEEN,
          "notbetween", NOTBETWEEN,
          "null", NULL,
          "notnull", NOTNULL);

  private final int operands;
  private final boolean negative;

  FilterOperator(int operands, boolean negative) {
    this.operands = operands;
    this.negative = negative;
  }

  /** How many values it compares with. */
  public int operands() {
    return operands;
  }

  /** Whether it only asks if values are equal. */
  public boolean isEquality() {
    return this == EQ || this == NOTEQ;
  }

  /** Whether DMS allows it only as the one condition of its filter. */
  public boolean isNegative() {
    return negative;
  }
}
