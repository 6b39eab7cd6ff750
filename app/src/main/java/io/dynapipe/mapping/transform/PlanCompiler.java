package io.dynapipe.mapping.transform;

import io.dynapipe.dms.PartitionRule;
import io.dynapipe.dms.PartitionType;
import io.dynapipe.event.Column;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.filter.ChangeFilter;
import io.dynapipe.mapping.filter.RowFilter;
import io.dynapipe.mapping.rule.ObjectMappingRule;
import io.dynapipe.mapping.rule.RuleSet;
import io.dynapipe.mapping.rule.SelectionRule;
import io.dynapipe.mapping.rule.TableSettingsRule;
import io.dynapipe.mapping.rule.TransformationAction.AddBeforeImageColumns;
import io.dynapipe.mapping.rule.TransformationAction.AddColumn;
import io.dynapipe.mapping.rule.TransformationRule;
import io.dynapipe.mapping.rule.TransformationRule.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compiles the rules for one table. */
public final class PlanCompiler {

  private final RuleSet rules;
  private final PlanOptions options;
  private final TableSchema source;
  private final Problems problems;
  private final List<String> warnings = new ArrayList<>();
  private final List<TransformationRule> columnRules;
  private final List<Stage> stages = new ArrayList<>();

  private PlanCompiler(RuleSet rules, PlanOptions options, TableSchema source) {
    this.rules = rules;
    this.options = options;
    this.source = source;
    this.problems = new Problems("table mappings for " + source.table(), "docs/table-mappings.md");
    this.columnRules =
        rules.transformations().stream()
            .filter(rule -> rule.target() == Target.COLUMN)
            .filter(rule -> rule.locator().matches(source.table()))
            .toList();
  }

  /**
   * The plan of a selected table.
   *
   * @throws io.dynapipe.error.PipelineException (input) when rules do not fit the table
   */
  public static TablePlan compile(RuleSet rules, PlanOptions options, TableSchema source) {
    TableSettingsRule settings = rules.settings(source.table());
    boolean lobsOff = settings != null && settings.lobMode() == TableSettingsRule.LobMode.NONE;
    return new PlanCompiler(rules, options, source).compile(options.withoutLobs() || lobsOff);
  }

  /** The target's name of a source table. */
  public static TableName targetName(RuleSet rules, PlanOptions options, TableName source) {
    return NamePlanner.table(rules, options, source);
  }

  /** The target's name of a source column; null when it does not reach the target. */
  public static @Nullable String targetColumn(RuleSet rules, TableName table, Column column) {
    TableSchema alone = new TableSchema(table, List.of(column), List.of());
    PlanCompiler compiler = new PlanCompiler(rules, PlanOptions.NONE, alone);
    List<TransformationRule> names =
        compiler.columnRules.stream()
            .filter(rule -> !(rule.action() instanceof AddColumn))
            .toList();
    ColumnPlanner planner =
        new ColumnPlanner(alone, names, false, compiler.problems, compiler.warnings);
    planner.plan();
    String name = planner.targetNames().get(column.name());
    ObjectMappingRule mapping = rules.objectMapping(table);
    boolean hidden =
        mapping != null
            && (mapping.document()
                || mapping.excludedColumns().contains(column.name())
                || mapping.excludedColumns().contains(name));
    return hidden ? null : name;
  }

  private TablePlan compile(boolean withoutLobs) {
    ChangeFilter filter = filter();
    ColumnPlanner planner = new ColumnPlanner(source, columnRules, withoutLobs, problems, warnings);
    List<PlannedColumn> columns = planner.plan();
    checkNames(columns);
    List<String> key = new KeyPlanner(rules, source, planner.targetNames(), problems).plan(columns);
    problems.throwIfAny();
    if (!isUnchanged(columns)) {
      stages.add(new Stage(source.columns(), columns));
    }
    List<Set<Integer>> inputs = columns.stream().map(PlannedColumn::inputs).toList();
    ObjectMappingRule mapping = rules.objectMapping(source.table());
    if (mapping != null && RecordPlanner.changesRows(mapping)) {
      List<PlannedColumn> records =
          new RecordPlanner(mapping, columns, planner.targetNames(), problems)
              .plan(source.table(), key, warnings);
      checkNames(records);
      problems.throwIfAny();
      stages.add(new Stage(columns.stream().map(PlannedColumn::column).toList(), records));
      List<Set<Integer>> before = inputs;
      inputs = records.stream().map(record -> union(record.inputs(), before)).toList();
      columns = records;
    }
    checkKey(key, columns);
    problems.throwIfAny();
    return plan(filter, columns, inputs, key, mapping);
  }

  private TablePlan plan(
      @Nullable ChangeFilter filter,
      List<PlannedColumn> columns,
      List<Set<Integer>> inputs,
      List<String> key,
      @Nullable ObjectMappingRule mapping) {
    TableName name = NamePlanner.table(rules, options, source.table());
    TableSchema target =
        new TableSchema(name, columns.stream().map(PlannedColumn::column).toList(), key);
    boolean keyNeedsOldRows = keyNeedsOldRows(target, inputs);
    PartitionRule partitioning = mapping == null ? null : mapping.partitioning();
    checkPartitioning(partitioning, target);
    List<String> marks = marks(target);
    problems.throwIfAny();
    return new TablePlan(
        source,
        target.equals(source) ? source : target,
        filter,
        stages,
        keyNeedsOldRows,
        keyNeedsOldRows || (filter != null && filter.needsOldRows()) || takesBeforeImages(),
        marks,
        wanted(filter, inputs),
        partitioning,
        warnings);
  }

  private @Nullable ChangeFilter filter() {
    for (SelectionRule rule : rules.selections()) {
      if (!rule.filters().isEmpty() && rule.matchesAnyKind(source.table())) {
        return new ChangeFilter(
            RowFilter.of(rule.filters(), source, rule.id().toString(), problems), source);
      }
    }
    return null;
  }

  private boolean isUnchanged(List<PlannedColumn> columns) {
    return columns.stream().map(PlannedColumn::column).toList().equals(source.columns())
        && columns.stream().allMatch(PlannedColumn::isCopy);
  }

  private void checkNames(List<PlannedColumn> columns) {
    Set<String> names = new HashSet<>();
    for (PlannedColumn column : columns) {
      if (!names.add(column.name())) {
        problems.add("", "two columns would be called '" + column.name() + "' at the target");
      }
    }
    if (columns.isEmpty()) {
      problems.add("", "no column would be left");
    }
  }

  private void checkKey(List<String> key, List<PlannedColumn> columns) {
    for (String name : key) {
      if (columns.stream().noneMatch(column -> column.name().equals(name))) {
        problems.add(
            "",
            "key column '"
                + name
                + "' would be left out: rows could not be told apart; keep it, or name another key"
                + " by define-primary-key");
      }
    }
  }

  private void checkPartitioning(@Nullable PartitionRule partitioning, TableSchema target) {
    if (partitioning == null || partitioning.type() != PartitionType.ATTRIBUTE_NAME) {
      return;
    }
    String attribute = String.valueOf(partitioning.parameter());
    if (target.column(attribute) == null) {
      problems.add(
          "",
          "partition-key-name '"
              + attribute
              + "' is not among the attributes "
              + target.columnNames());
    }
  }

  /** The columns whose value comes from operation_indicator. */
  private List<String> marks(TableSchema target) {
    List<String> marks = new ArrayList<>();
    for (TransformationRule rule : columnRules) {
      if (rule.action() instanceof AddColumn added
          && added.expression() != null
          && added.expression().indicatesOperation()
          && target.column(added.name()) != null) {
        marks.add(added.name());
        if (!target.hasPrimaryKey()) {
          problems.add(
              rule.id().toString(), "operation_indicator needs a table with a primary key");
        }
      }
    }
    return marks;
  }

  private boolean takesBeforeImages() {
    return columnRules.stream().anyMatch(rule -> rule.action() instanceof AddBeforeImageColumns);
  }

  private boolean keyNeedsOldRows(TableSchema target, List<Set<Integer>> inputs) {
    for (String name : target.primaryKey()) {
      for (int input : inputs.get(target.columnNames().indexOf(name))) {
        if (!source.primaryKey().contains(source.columns().get(input).name())) {
          return true;
        }
      }
    }
    return false;
  }

  private List<String> wanted(@Nullable ChangeFilter filter, List<Set<Integer>> inputs) {
    Set<String> used = new HashSet<>(source.primaryKey());
    if (filter != null) {
      used.addAll(filter.rows().columns());
    }
    inputs.forEach(
        columns -> columns.forEach(column -> used.add(source.columns().get(column).name())));
    return source.columns().stream().map(Column::name).filter(used::contains).toList();
  }

  private static Set<Integer> union(Set<Integer> columns, List<Set<Integer>> inputs) {
    Set<Integer> union = new LinkedHashSet<>();
    columns.forEach(column -> union.addAll(inputs.get(column)));
    return union;
  }

  /** Which source tables would share a target table, by that table. */
  public static Map<TableName, List<TableName>> collisions(
      RuleSet rules, PlanOptions options, Iterable<TableName> sources) {
    Map<TableName, List<TableName>> byTarget = new TreeMap<>();
    for (TableName table : sources) {
      byTarget
          .computeIfAbsent(NamePlanner.table(rules, options, table), name -> new ArrayList<>())
          .add(table);
    }
    byTarget.values().removeIf(tables -> tables.size() < 2);
    return byTarget;
  }
}
