package io.dynapipe.mapping.filter;

import io.dynapipe.mapping.rule.FilterCondition;
import io.dynapipe.mapping.rule.FilterOperator;
import org.jspecify.annotations.Nullable;

/**
 * One condition for one column.
 *
 * @param value null when the operator compares with nothing
 * @param end null unless the operator takes a range
 */
record ConditionTest<V>(
    FilterOperator operator, Comparison<V> comparison, @Nullable V value, @Nullable V end) {

  /**
   * Reads the condition's values.
   *
   * @throws IllegalArgumentException when one is not of the column's type
   */
  static <V> ConditionTest<V> of(FilterCondition condition, Comparison<V> comparison) {
    int operands = condition.operator().operands();
    return new ConditionTest<>(
        condition.operator(),
        comparison,
        operands > 0 ? comparison.parseValue(condition.value()) : null,
        operands > 1 ? comparison.parseValue(condition.end()) : null);
  }

  /**
   * Whether a value meets the condition.
   *
   * @param text null for SQL NULL
   */
  boolean test(@Nullable String text) {
    if (operator == FilterOperator.NULL || operator == FilterOperator.NOTNULL) {
      return (text == null) == (operator == FilterOperator.NULL);
    }
    if (text == null || value == null) {
      return false;
    }
    V row = comparison.parseRow(text);
    int order = comparison.compare(row, value);
    return switch (operator) {
      case LTE -> order <= 0;
      case GTE -> order >= 0;
      case EQ -> order == 0;
      case NOTEQ -> order != 0;
      case BETWEEN -> order >= 0 && end != null && comparison.compare(row, end) <= 0;
      case NOTBETWEEN -> order < 0 || (end != null && comparison.compare(row, end) > 0);
      case NULL, NOTNULL -> false;
    };
  }

  /** The condition for an SQL WHERE clause. */
  String sql(String quoted) {
    String column = comparison.sqlColumn(quoted);
    return switch (operator) {
      case NULL -> quoted + " IS NULL";
      case NOTNULL -> quoted + " IS NOT NULL";
      case LTE -> column + " <= " + sqlValue(value);
      case GTE -> column + " >= " + sqlValue(value);
      case EQ -> equality(quoted, column);
      case NOTEQ -> column + " <> " + sqlValue(value);
      case BETWEEN -> column + " BETWEEN " + sqlValue(value) + " AND " + sqlValue(end);
      case NOTBETWEEN -> column + " NOT BETWEEN " + sqlValue(value) + " AND " + sqlValue(end);
    };
  }

  private String equality(String quoted, String column) {
    String hint = value == null ? "" : comparison.sqlEqualsHint(quoted, value);
    String exact = column + " = " + sqlValue(value);
    return hint.isEmpty() ? exact : "(" + hint + " AND " + exact + ")";
  }

  private String sqlValue(@Nullable V operand) {
    return operand == null ? "NULL" : comparison.sqlValue(operand);
  }
}
