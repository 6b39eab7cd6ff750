package io.dynapipe.mapping;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.rule.ParallelLoad;
import io.dynapipe.mapping.rule.RelationKind;
import io.dynapipe.mapping.rule.RuleReader;
import io.dynapipe.mapping.rule.RuleSet;
import io.dynapipe.mapping.rule.SelectionRule;
import io.dynapipe.mapping.rule.TableSettingsRule;
import io.dynapipe.mapping.rule.TransformationAction.AddBeforeImageColumns;
import io.dynapipe.mapping.settings.TargetMetadata;
import io.dynapipe.mapping.transform.PlanCompiler;
import io.dynapipe.mapping.transform.PlanOptions;
import io.dynapipe.mapping.transform.TablePlan;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is replicated and how it is changed on the way: a DMS table mapping. Immutable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TableMapping.html">Using
 *     table mapping</a>
 */
public final class TableMappings {

  private final RuleSet rules;
  private final PlanOptions options;

  private TableMappings(RuleSet rules, PlanOptions options) {
    this.rules = rules;
    this.options = options;
  }

  /**
   * Reads the JSON document {@code {"rules": [...]}}.
   *
   * @throws io.dynapipe.error.PipelineException (input) that names every problem in it
   */
  public static TableMappings parse(String json) {
    return new TableMappings(RuleReader.parse(json), PlanOptions.NONE);
  }

  /**
   * Selects tables as {@code --tables} does: {@code public.foo}, {@code app.%}, {@code foo} (in the
   * schema {@code public}). No patterns: every table.
   *
   * @throws io.dynapipe.error.PipelineException (input) that names every wrong pattern
   */
  public static TableMappings ofPatterns(List<String> patterns) {
    return new TableMappings(
        TablePatterns.parse(patterns.isEmpty() ? List.of("%.%") : patterns), PlanOptions.NONE);
  }

  /** The same with what a task's settings say for all tables: schema and large objects. */
  public TableMappings with(TargetMetadata settings) {
    return new TableMappings(
        rules, new PlanOptions(!settings.supportLobs(), settings.targetSchema()));
  }

  /** Whether a table is replicated. */
  public boolean selects(TableName table) {
    return selects(table, RelationKind.TABLE);
  }

  /**
   * Whether a table or a view is replicated. Wildcards do not reach PostgreSQL's own schemas, nor
   * the tables that capture itself writes.
   */
  public boolean selects(TableName table, RelationKind kind) {
    boolean included = false;
    for (SelectionRule rule : rules.selections()) {
      if (rule.matches(table, kind)) {
        if (!rule.includes()) {
          return false;
        }
        included = true;
      }
    }
    return included;
  }

  /** Whether a row of this table or view can reach the target. */
  boolean selectsAnyKind(TableName table) {
    return selects(table, RelationKind.TABLE) || selects(table, RelationKind.VIEW);
  }

  /**
   * What the rules come to for a selected table.
   *
   * @throws io.dynapipe.error.PipelineException (input) when rules do not fit the table
   */
  public TablePlan plan(TableSchema source) {
    return PlanCompiler.compile(rules, options, source);
  }

  /** The target's name of a source table. */
  public TableName targetTable(TableName source) {
    return PlanCompiler.targetName(rules, options, source);
  }

  /** The target's name of a source column; null when it does not reach the target. */
  @Nullable String targetColumn(TableName table, Column column) {
    return PlanCompiler.targetColumn(rules, table, column);
  }

  /**
   * Makes sure that each table has a target table of its own, since rows of two tables with the
   * same key would overwrite each other.
   *
   * @throws io.dynapipe.error.PipelineException (input) that names the tables that would share one
   */
  public void requireOwnTargets(Collection<TableName> sources) {
    Problems problems = new Problems("table mappings", "docs/table-mappings.md");
    PlanCompiler.collisions(rules, options, sources)
        .forEach(
            (target, tables) -> problems.add("", tables + " would all become the table " + target));
    problems.throwIfAny();
  }

  /** How a full load is to split a table; null when no rule says. */
  public @Nullable ParallelLoad parallelLoad(TableName table) {
    TableSettingsRule settings = rules.settings(table);
    return settings == null ? null : settings.parallelLoad();
  }

  /** Whether rules filter or change rows of any table. */
  public boolean changesRows() {
    return !rules.transformations().isEmpty()
        || !rules.objectMappings().isEmpty()
        || rules.selections().stream().anyMatch(rule -> !rule.filters().isEmpty());
  }

  /** Whether a rule adds columns with values before the change. */
  public boolean addsBeforeImageColumns() {
    return rules.transformations().stream()
        .anyMatch(rule -> rule.action() instanceof AddBeforeImageColumns);
  }

  /**
   * Tables (and views) that rules name without wildcards: ones that do not exist are missing, not
   * merely fewer. An {@code _} counts as a plain character here.
   */
  public Set<TableName> namedTables() {
    Set<TableName> named = new TreeSet<>();
    for (SelectionRule rule : rules.selections()) {
      if (rule.includes() && rule.schema().isExact() && rule.table().isExact()) {
        named.add(new TableName(rule.schema().exactName(), rule.table().exactName()));
      }
    }
    return named;
  }

  /** Of two tables the one with the larger number is loaded first; 0 unless a rule tells. */
  public long loadOrder(TableName table) {
    return rules.selections().stream()
        .filter(rule -> rule.includes() && rule.matches(table, RelationKind.TABLE))
        .mapToLong(SelectionRule::loadOrder)
        .filter(order -> order != 0)
        .max()
        .orElse(0);
  }
}
