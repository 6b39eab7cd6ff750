package io.dynapipe.mapping.transform;

import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.rule.RuleSet;
import io.dynapipe.mapping.rule.TransformationAction.DefinePrimaryKey;
import io.dynapipe.mapping.rule.TransformationAction.Mask;
import io.dynapipe.mapping.rule.TransformationAction.MaskKind;
import io.dynapipe.mapping.rule.TransformationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the target's key. */
final class KeyPlanner {

  private final RuleSet rules;
  private final TableSchema source;
  private final Map<String, String> targetNames;
  private final Problems problems;

  /**
   * For one table.
   *
   * @param targetNames by source name, of the columns that stay
   */
  KeyPlanner(
      RuleSet rules, TableSchema source, Map<String, String> targetNames, Problems problems) {
    this.rules = rules;
    this.source = source;
    this.targetNames = targetNames;
    this.problems = problems;
  }

  /** Target names of the key's columns; one that is left out keeps its source name. */
  List<String> plan(List<PlannedColumn> columns) {
    List<String> key =
        source.primaryKey().stream().map(name -> targetNames.getOrDefault(name, name)).toList();
    for (TransformationRule rule : rules.transformations()) {
      if (rule.action() instanceof DefinePrimaryKey defined
          && rule.locator().matches(source.table())
          && (!defined.unique() || key.isEmpty())) {
        key = defined(rule, defined, columns);
        break;
      }
    }
    checkMasks(key);
    return key;
  }

  private List<String> defined(
      TransformationRule rule, DefinePrimaryKey defined, List<PlannedColumn> columns) {
    List<String> key = new ArrayList<>();
    for (String name : defined.columns()) {
      boolean ofTarget = columns.stream().anyMatch(column -> column.name().equals(name));
      String target = ofTarget ? name : targetNames.get(name);
      if (target == null) {
        problems.add(
            rule.id().toString(), "primary-key-def: column '" + name + "' is not in the table");
      } else if (key.contains(target)) {
        problems.add(rule.id().toString(), "primary-key-def: '" + name + "' is named twice");
      } else {
        key.add(target);
      }
    }
    return key;
  }

  /** Rows whose keys became equal would overwrite each other. */
  private void checkMasks(List<String> key) {
    for (TransformationRule rule : rules.transformations()) {
      if (!(rule.action() instanceof Mask mask)
          || mask.kind() == MaskKind.HASH
          || !rule.locator().matches(source.table())) {
        continue;
      }
      source.columns().stream()
          .filter(rule.locator()::matches)
          .filter(column -> key.contains(targetNames.get(column.name())))
          .forEach(
              column ->
                  problems.add(
                      rule.id().toString(),
                      "column '"
                          + column.name()
                          + "' is of the key: masked digits would make different rows equal; use"
                          + " data-masking-hash-mask"));
    }
  }
}
