package io.dynapipe.mapping.transform;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.filter.ChangeFilter;
import io.dynapipe.mapping.filter.RowFilter;
import io.dynapipe.mapping.rule.RuleSet;
import io.dynapipe.mapping.rule.SelectionRule;
import org.jspecify.annotations.Nullable;

/** Compiles the rules for one table. */
public final class PlanCompiler {

  private PlanCompiler() {}

  /**
   * The plan of a selected table.
   *
   * @throws io.dynapipe.error.PipelineException (input) when rules do not fit the table
   */
  public static TablePlan compile(RuleSet rules, TableSchema source) {
    Problems problems =
        new Problems("table mappings for " + source.table(), "docs/table-mappings.md");
    ChangeFilter filter = filter(rules, source, problems);
    problems.throwIfAny();
    return new TablePlan(
        source, source, filter, source.columns().stream().map(Column::name).toList());
  }

  private static @Nullable ChangeFilter filter(
      RuleSet rules, TableSchema source, Problems problems) {
    for (SelectionRule rule : rules.selections()) {
      if (!rule.filters().isEmpty() && rule.matchesAnyKind(source.table())) {
        return new ChangeFilter(
            RowFilter.of(rule.filters(), source, rule.id().toString(), problems), source);
      }
    }
    return null;
  }
}
