package io.dynapipe.mapping.rule;

import io.dynapipe.mapping.document.JsonObject;
import io.dynapipe.mapping.document.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All rules of a document, in the order of their rule-ids. */
public record RuleSet(List<SelectionRule> selections) {

  /**
   * Reads a document.
   *
   * @throws io.dynapipe.error.PipelineException (input) that names every problem
   */
  public static RuleSet parse(String json) {
    Problems problems = new Problems("table mappings", "docs/table-mappings.md");
    JsonObject root = JsonObject.parse(json, problems);
    List<SelectionRule> selections = new ArrayList<>();
    if (!problems.any()) {
      Map<Long, String> seen = new HashMap<>();
      for (JsonObject rule : root.objects("rules")) {
        read(rule, seen, selections);
      }
      root.end();
      checkSelections(selections, problems);
    }
    problems.throwIfAny();
    return of(selections);
  }

  /** Only selection rules. */
  public static RuleSet of(List<SelectionRule> selections) {
    List<SelectionRule> sorted = new ArrayList<>(selections);
    sorted.sort((a, b) -> a.id().compareTo(b.id()));
    return new RuleSet(List.copyOf(sorted));
  }

  private static void read(
      JsonObject unnamed, Map<Long, String> seen, List<SelectionRule> selections) {
    RuleId id =
        new RuleId(unnamed.integer("rule-id", 0, 0, Long.MAX_VALUE), unnamed.text("rule-name", ""));
    if (!unnamed.has("rule-id")) {
      unnamed.problem("rule-id", "is missing");
    }
    JsonObject rule = unnamed.named(id.toString());
    if (seen.put(id.number(), id.name()) != null) {
      rule.problem("rule-id", "another rule has this rule-id");
    }
    String type = rule.requiredText("rule-type");
    switch (type) {
      case "selection" -> selections.add(SelectionRule.read(id, rule));
      case "" -> {
        return;
      }
      default -> {
        rule.problem("rule-type", "'" + type + "' is not one of selection");
        return;
      }
    }
    rule.end();
  }

  private static void checkSelections(List<SelectionRule> selections, Problems problems) {
    if (selections.stream().noneMatch(SelectionRule::includes)) {
      problems.add("rules", "no selection rule includes a table");
    }
    Map<String, RuleId> filtered = new HashMap<>();
    for (SelectionRule rule : selections) {
      if (rule.filters().isEmpty()) {
        continue;
      }
      RuleId other = filtered.put(rule.schema() + "." + rule.table(), rule.id());
      if (other != null) {
        problems.add(
            rule.id().toString(), other + " filters the same table; put the filters into one rule");
      }
    }
  }
}
