package io.dynapipe.mapping.rule;

import io.dynapipe.event.TableName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All rules of a document, each kind in the order of the rule-ids. */
public record RuleSet(
    List<SelectionRule> selections,
    List<TransformationRule> transformations,
    List<ObjectMappingRule> objectMappings,
    List<TableSettingsRule> tableSettings) {

  public RuleSet {
    selections = sorted(selections, SelectionRule::id);
    transformations = sorted(transformations, TransformationRule::id);
    objectMappings = sorted(objectMappings, ObjectMappingRule::id);
    tableSettings = sorted(tableSettings, TableSettingsRule::id);
  }

  /** Only selection rules. */
  public static RuleSet of(List<SelectionRule> selections) {
    return new RuleSet(selections, List.of(), List.of(), List.of());
  }

  /** How this table's records are mapped; null when no rule says. */
  public @Nullable ObjectMappingRule objectMapping(TableName table) {
    return objectMappings.stream()
        .filter(rule -> rule.table().equals(table))
        .findFirst()
        .orElse(null);
  }

  /** This table's settings; null when no rule says. */
  public @Nullable TableSettingsRule settings(TableName table) {
    return tableSettings.stream()
        .filter(rule -> rule.table().equals(table))
        .findFirst()
        .orElse(null);
  }

  private static <T> List<T> sorted(List<T> rules, java.util.function.Function<T, RuleId> id) {
    List<T> sorted = new ArrayList<>(rules);
    sorted.sort((a, b) -> id.apply(a).compareTo(id.apply(b)));
    return List.copyOf(sorted);
  }
}
