package io.dynapipe.mapping.transform;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.expression.Value;
import io.dynapipe.mapping.expression.Value.Text;
import io.dynapipe.mapping.rule.ObjectMappingRule;
import io.dynapipe.mapping.rule.RuleSet;
import io.dynapipe.mapping.rule.TransformationAction.NameChange;
import io.dynapipe.mapping.rule.TransformationAction.Rename;
import io.dynapipe.mapping.rule.TransformationRule;
import io.dynapipe.mapping.rule.TransformationRule.Target;
import org.jspecify.annotations.Nullable;

/** Finds the names that tables and columns have at the target. */
final class NamePlanner {

  private NamePlanner() {}

  /** A table's name at the target. */
  static TableName table(RuleSet rules, PlanOptions options, TableName source) {
    String schema = options.targetSchema().isEmpty() ? source.schema() : options.targetSchema();
    String name = source.name();
    boolean schemaDone = false;
    boolean nameDone = false;
    for (TransformationRule rule : rules.transformations()) {
      if (!(rule.action() instanceof NameChange change) || !rule.locator().matches(source)) {
        continue;
      }
      if (rule.target() == Target.SCHEMA && !schemaDone) {
        String changed = changed(change, source.schema(), source, null);
        schemaDone = changed != null;
        schema = changed == null ? schema : changed;
      }
      if (rule.target() == Target.TABLE && !nameDone) {
        String changed = changed(change, source.name(), source, null);
        nameDone = changed != null;
        name = changed == null ? name : changed;
      }
    }
    ObjectMappingRule mapping = rules.objectMapping(source);
    String mapped = mapping == null ? null : mapping.targetTable();
    return new TableName(schema, mapped == null ? name : mapped);
  }

  /**
   * The new name; null when the action does not change this one.
   *
   * @param column when it is a column's name
   */
  static @Nullable String changed(
      NameChange change, String name, TableName table, @Nullable Column column) {
    if (change instanceof Rename rename && rename.expression() != null) {
      Value value = rename.expression().evaluate(Headers.ofNames(table, column));
      return value instanceof Text text && !text.text().isEmpty() ? text.text() : null;
    }
    String changed = change.apply(name);
    return changed == null || changed.isEmpty() ? null : changed;
  }
}
