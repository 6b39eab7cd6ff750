package io.dynapipe.mapping.transform;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.expression.Expression;
import io.dynapipe.mapping.rule.ColumnType;
import io.dynapipe.mapping.rule.TransformationAction;
import io.dynapipe.mapping.rule.TransformationAction.AddBeforeImageColumns;
import io.dynapipe.mapping.rule.TransformationAction.AddColumn;
import io.dynapipe.mapping.rule.TransformationAction.ChangeType;
import io.dynapipe.mapping.rule.TransformationAction.ColumnFilterKind;
import io.dynapipe.mapping.rule.TransformationAction.IncludeColumn;
import io.dynapipe.mapping.rule.TransformationAction.Mask;
import io.dynapipe.mapping.rule.TransformationAction.MaskKind;
import io.dynapipe.mapping.rule.TransformationAction.NameChange;
import io.dynapipe.mapping.rule.TransformationAction.RemoveColumn;
import io.dynapipe.mapping.rule.TransformationRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies transformation rules to the columns of a table. Of several rules for one aspect of a
 * column (its name, its type, its mask) the one with the lowest rule-id counts.
 */
final class ColumnPlanner {

  private final TableSchema source;
  private final List<TransformationRule> rules;
  private final boolean withoutLobs;
  private final Problems problems;
  private final List<String> warnings;
  private final List<PlannedColumn> planned = new ArrayList<>();

  /** Target names by source name, of the columns that stay. */
  private final Map<String, String> targetNames = new LinkedHashMap<>();

  /**
   * For one table.
   *
   * @param rules those for its columns, in the order of their rule-ids
   */
  ColumnPlanner(
      TableSchema source,
      List<TransformationRule> rules,
      boolean withoutLobs,
      Problems problems,
      List<String> warnings) {
    this.source = source;
    this.rules = rules;
    this.withoutLobs = withoutLobs;
    this.problems = problems;
    this.warnings = warnings;
  }

  List<PlannedColumn> plan() {
    boolean onlyIncluded = rules.stream().anyMatch(rule -> rule.action() instanceof IncludeColumn);
    for (int i = 0; i < source.columns().size(); i++) {
      Column column = source.columns().get(i);
      if (stays(column, onlyIncluded)) {
        PlannedColumn result = changed(column, i);
        planned.add(result);
        targetNames.put(column.name(), result.name());
      }
    }
    for (TransformationRule rule : rules) {
      if (rule.action() instanceof AddBeforeImageColumns before) {
        addBeforeImages(rule, before);
      } else if (rule.action() instanceof AddColumn added) {
        addColumn(rule, added);
      }
    }
    warnOfMissing();
    return planned;
  }

  Map<String, String> targetNames() {
    return targetNames;
  }

  private boolean stays(Column column, boolean onlyIncluded) {
    if (withoutLobs && ColumnType.isLob(column) && !source.primaryKey().contains(column.name())) {
      return false;
    }
    return find(RemoveColumn.class, column) == null
        && (!onlyIncluded || find(IncludeColumn.class, column) != null);
  }

  private PlannedColumn changed(Column column, int input) {
    List<ValueStep> steps = new ArrayList<>();
    Column result = column.withName(name(column));
    TransformationRule type = find(ChangeType.class, column);
    TransformationRule mask = find(Mask.class, column);
    boolean typeFirst = type != null && mask != null && type.id().compareTo(mask.id()) < 0;
    if (type != null && (mask == null || typeFirst)) {
      result = retyped(result, (ChangeType) type.action(), steps);
    }
    if (mask != null) {
      result = masked(result, mask, type != null, steps);
    }
    if (type != null && mask != null && !typeFirst) {
      result = retyped(result, (ChangeType) type.action(), steps);
    }
    return result.equals(column) && steps.isEmpty()
        ? PlannedColumn.copy(column, input)
        : PlannedColumn.steps(result, input, steps);
  }

  private String name(Column column) {
    for (TransformationRule rule : rules) {
      if (rule.action() instanceof NameChange change && rule.locator().matches(column)) {
        String name = NamePlanner.changed(change, column.name(), source.table(), column);
        if (name != null) {
          return name;
        }
      }
    }
    return column.name();
  }

  private static Column retyped(Column column, ChangeType change, List<ValueStep> steps) {
    steps.add(new Conversion(change.type()));
    return change.type().column(column.name(), column.nullable());
  }

  private Column masked(
      Column column, TransformationRule rule, boolean retyped, List<ValueStep> steps) {
    Mask mask = (Mask) rule.action();
    if (!Masks.fits(mask, column)) {
      problems.add(
          rule.id().toString(),
          "column '"
              + column.name()
              + "' is of type "
              + ColumnType.dmsName(column)
              + ", which this mask does not take; give it the type string by a change-data-type"
              + " rule with a lower rule-id");
      return column;
    }
    steps.add(Masks.step(mask, column));
    return mask.kind() == MaskKind.HASH && !retyped
        ? ColumnType.HASH.column(column.name(), column.nullable())
        : column;
  }

  private void addBeforeImages(TransformationRule rule, AddBeforeImageColumns added) {
    for (PlannedColumn plan : List.copyOf(planned)) {
      if (plan.inputs().size() != 1) {
        continue;
      }
      int input = plan.inputs().iterator().next();
      Column from = source.columns().get(input);
      boolean key = source.primaryKey().contains(from.name());
      if ((added.columns() == ColumnFilterKind.PK_ONLY && !key)
          || (added.columns() == ColumnFilterKind.NON_LOB && ColumnType.isLob(from))
          || !targetNames.containsKey(from.name())
          || !rule.locator().matches(from)) {
        continue;
      }
      Column column = plan.column().withName(added.prefix() + plan.name() + added.suffix());
      planned.add(
          PlannedColumn.made(
              nullable(column), ColumnOps.beforeImage(input, plan.steps(), key), Set.of(input)));
    }
  }

  private static Column nullable(Column column) {
    return new Column(
        column.name(),
        column.type(),
        column.length(),
        true,
        column.sourceType(),
        column.precision(),
        column.scale());
  }

  private void addColumn(TransformationRule rule, AddColumn added) {
    Expression expression = added.expression();
    List<String> names = expression == null ? List.of() : expression.columns();
    int[] slots = new int[names.size()];
    Set<Integer> inputs = new LinkedHashSet<>();
    for (int i = 0; i < slots.length; i++) {
      slots[i] = source.columnNames().indexOf(names.get(i));
      if (slots[i] < 0) {
        problems.add(
            rule.id().toString(), "expression: column '" + names.get(i) + "' is not in the table");
        return;
      }
      inputs.add(slots[i]);
    }
    planned.add(
        PlannedColumn.made(
            added.type().column(added.name(), true),
            ColumnOps.expression(expression, slots, added.type()),
            inputs));
  }

  private @Nullable TransformationRule find(
      Class<? extends TransformationAction> action, Column column) {
    for (TransformationRule rule : rules) {
      if (action.isInstance(rule.action()) && rule.locator().matches(column)) {
        return rule;
      }
    }
    return null;
  }

  /** A rule that names a column which is not there may be misspelled. */
  private void warnOfMissing() {
    for (TransformationRule rule : rules) {
      String name = rule.locator().column().exactName();
      boolean named = rule.locator().column().isExact() && rule.locator().table().isExact();
      if (named && source.columns().stream().noneMatch(rule.locator()::matches)) {
        warnings.add(rule.id() + ": there is no column '" + name + "' in " + source.table());
      }
    }
  }
}
