package io.dynapipe.mapping.rule;

import io.dynapipe.event.TableName;
import io.dynapipe.mapping.document.JsonObject;
import io.dynapipe.mapping.document.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rules of a table mapping document. */
public final class RuleReader {

  private static final List<String> TYPES =
      List.of("selection", "transformation", "object-mapping", "table-settings");

  private final Problems problems = new Problems("table mappings", "docs/table-mappings.md");
  private final List<SelectionRule> selections = new ArrayList<>();
  private final List<TransformationRule> transformations = new ArrayList<>();
  private final List<ObjectMappingRule> objectMappings = new ArrayList<>();
  private final List<TableSettingsRule> tableSettings = new ArrayList<>();
  private final Set<Long> ids = new HashSet<>();

  private RuleReader() {}

  /**
   * Reads a document.
   *
   * @throws io.dynapipe.error.PipelineException (input) that names every problem
   */
  public static RuleSet parse(String json) {
    return new RuleReader().read(json);
  }

  private RuleSet read(String json) {
    JsonObject root = JsonObject.parse(json, problems);
    if (!problems.any()) {
      root.objects("rules").forEach(this::read);
      root.end();
      check();
    }
    problems.throwIfAny();
    return new RuleSet(selections, transformations, objectMappings, tableSettings);
  }

  private void read(JsonObject unnamed) {
    RuleId id =
        new RuleId(unnamed.integer("rule-id", 0, 0, Long.MAX_VALUE), unnamed.text("rule-name", ""));
    if (!unnamed.has("rule-id")) {
      unnamed.problem("rule-id", "is missing");
    }
    JsonObject rule = unnamed.named(id.toString());
    if (!ids.add(id.number())) {
      rule.problem("rule-id", "another rule has this rule-id");
    }
    String type = rule.requiredText("rule-type");
    switch (type) {
      case "selection" -> selections.add(SelectionRule.read(id, rule));
      case "transformation" -> add(transformations, TransformationRule.read(id, rule));
      case "object-mapping" -> add(objectMappings, ObjectMappingRule.read(id, rule));
      case "table-settings" -> add(tableSettings, TableSettingsRule.read(id, rule));
      default -> {
        if (!type.isEmpty()) {
          rule.problem("rule-type", "'" + type + "' is not one of " + String.join(", ", TYPES));
        }
        return; // which members there may be is not known
      }
    }
    rule.end();
  }

  private static <T> void add(List<T> rules, @Nullable T rule) {
    if (rule != null) {
      rules.add(rule);
    }
  }

  private void check() {
    if (selections.stream().noneMatch(SelectionRule::includes)) {
      problems.add("rules", "no selection rule includes a table");
    }
    Map<String, RuleId> filtered = new HashMap<>();
    for (SelectionRule rule : selections) {
      if (!rule.filters().isEmpty()) {
        checkOnly(
            filtered,
            rule.schema() + "." + rule.table(),
            rule.id(),
            " filters the same table; put the filters into one rule");
      }
    }
    Map<String, RuleId> mapped = new HashMap<>();
    for (ObjectMappingRule rule : objectMappings) {
      checkOnly(mapped, name(rule.table()), rule.id(), " maps the same table");
    }
    Map<String, RuleId> set = new HashMap<>();
    for (TableSettingsRule rule : tableSettings) {
      checkOnly(set, name(rule.table()), rule.id(), " has settings for the same table");
    }
  }

  private static String name(TableName table) {
    return table.toString();
  }

  private void checkOnly(Map<String, RuleId> seen, String table, RuleId id, String what) {
    RuleId other = seen.put(table, id);
    if (other != null) {
      problems.add(id.toString(), other + what);
    }
  }
}
