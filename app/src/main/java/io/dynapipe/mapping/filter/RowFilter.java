package io.dynapipe.mapping.filter;

import io.dynapipe.event.Column;
import io.dynapipe.event.Row;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.rule.ColumnFilter;
import io.dynapipe.mapping.rule.FilterCondition;
import io.dynapipe.mapping.rule.FilterOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table that are replicated. {@link #sql} and {@link #test} agree on every row.
 * Immutable.
 */
public final class RowFilter {

  private record Test(String column, List<ConditionTest<?>> conditions) {}

  private final List<Test> tests;

  private RowFilter(List<Test> tests) {
    this.tests = tests;
  }

  /**
   * The filters of one table.
   *
   * @param place which rule, for problems
   */
  public static RowFilter of(
      List<ColumnFilter> filters, TableSchema schema, String place, Problems problems) {
    List<Test> tests = new ArrayList<>();
    for (ColumnFilter filter : filters) {
      Column column = schema.column(filter.column());
      if (column == null) {
        problems.add(
            place, "filters by column '" + filter.column() + "', which the table does not have");
        continue;
      }
      List<ConditionTest<?>> conditions = new ArrayList<>();
      for (FilterCondition condition : filter.conditions()) {
        try {
          conditions.add(condition(condition, column));
        } catch (IllegalArgumentException e) {
          problems.add(place, "filter of column '" + filter.column() + "': " + e.getMessage());
        }
      }
      tests.add(new Test(filter.column(), List.copyOf(conditions)));
    }
    return new RowFilter(List.copyOf(tests));
  }

  private static ConditionTest<?> condition(FilterCondition condition, Column column) {
    FilterOperator operator = condition.operator();
    Comparison<?> comparison = Comparisons.of(column);
    String type = column.sourceType() == null ? column.type().name() : column.sourceType();
    if (operator.operands() == 0) {
      return ConditionTest.of(condition, new BooleanComparison());
    }
    if (comparison == null) {
      throw new IllegalArgumentException(
          "values of type " + type + " cannot be compared; only null and notnull are possible");
    }
    if (!comparison.isOrdered() && !operator.isEquality()) {
      throw new IllegalArgumentException(
          "values of type " + type + " have no order; eq, noteq, null and notnull are possible");
    }
    return ConditionTest.of(condition, comparison);
  }

  /** The columns it looks at. */
  public List<String> columns() {
    return tests.stream().map(Test::column).distinct().toList();
  }

  /** The condition for a WHERE clause, names and values quoted. */
  public String sql() {
    return tests.stream()
        .map(
            test ->
                test.conditions().stream()
                    .map(condition -> condition.sql(SqlText.identifier(test.column())))
                    .collect(Collectors.joining(" OR ", "(", ")")))
        .collect(Collectors.joining(" AND "));
  }

  /**
   * Whether the row passes.
   *
   * @param other where to look for what the row does not tell (UNCHANGED); null when nowhere
   * @throws IllegalArgumentException when a value is not one of its column's type
   */
  public Verdict test(Row row, @Nullable Row other) {
    Verdict verdict = Verdict.PASSES;
    for (Test test : tests) {
      verdict = verdict.and(test(test, row, other));
    }
    return verdict;
  }

  private static Verdict test(Test test, Row row, @Nullable Row other) {
    Row told = row;
    ValueKind kind = row.kind(test.column());
    if (kind == ValueKind.UNCHANGED && other != null) {
      told = other;
      kind = other.kind(test.column());
    }
    if (kind == ValueKind.UNCHANGED || kind == ValueKind.ABSENT) {
      return Verdict.UNKNOWN;
    }
    String text = told.text(test.column());
    for (ConditionTest<?> condition : test.conditions()) {
      if (condition.test(text)) {
        return Verdict.PASSES;
      }
    }
    return Verdict.FAILS;
  }
}
