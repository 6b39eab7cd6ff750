package io.dynapipe.mapping;

import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.rule.NamePattern;
import io.dynapipe.mapping.rule.RelationKind;
import io.dynapipe.mapping.rule.RuleId;
import io.dynapipe.mapping.rule.RuleSet;
import io.dynapipe.mapping.rule.SelectionRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Patterns as the command line takes them: {@code schema.table}, or {@code table} for one in the
 * schema {@code public}. A part in double quotes means just this name, with dots and wildcards as
 * plain characters; two double quotes inside stand for one.
 */
final class TablePatterns {

  private TablePatterns() {}

  static RuleSet parse(List<String> patterns) {
    Problems problems = new Problems("table patterns", "docs/table-mappings.md");
    List<SelectionRule> rules = new ArrayList<>();
    for (String pattern : patterns) {
      try {
        rules.add(rule(rules.size() + 1, pattern));
      } catch (IllegalArgumentException e) {
        problems.add("'" + pattern + "'", String.valueOf(e.getMessage()));
      }
    }
    problems.throwIfAny();
    return RuleSet.of(rules);
  }

  private static SelectionRule rule(int number, String pattern) {
    List<NamePattern> parts = new ArrayList<>();
    int start = 0;
    while (start <= pattern.length()) {
      int end = partEnd(pattern, start);
      parts.add(part(pattern.substring(start, end)));
      start = end + 1;
    }
    if (parts.size() > 2) {
      throw new IllegalArgumentException(
          "has more than one dot; put a name with dots in double quotes");
    }
    NamePattern schema = parts.size() == 2 ? parts.get(0) : NamePattern.exactly("public");
    NamePattern table = parts.get(parts.size() - 1);
    return new SelectionRule(
        new RuleId(number, pattern),
        SelectionRule.Action.INCLUDE,
        schema,
        table,
        Set.of(RelationKind.TABLE),
        0,
        List.of());
  }

  /** The index of the dot that ends the part, or the pattern's length. */
  private static int partEnd(String pattern, int start) {
    char until = '.';
    for (int i = start; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (until == '.' && c == '.') {
        return i;
      }
      if (until == '.' && (c == '"' || c == '[')) {
        until = c == '"' ? '"' : ']';
      } else if (until != '.' && c == until) {
        until = '.';
      }
    }
    if (until != '.') {
      throw new IllegalArgumentException(
          "has a " + (until == '"' ? '"' : '[') + " without its end");
    }
    return pattern.length();
  }

  private static NamePattern part(String text) {
    if (text.isEmpty() || text.equals("\"\"")) {
      throw new IllegalArgumentException("has an empty name");
    }
    if (text.charAt(0) != '"') {
      return NamePattern.parse(text);
    }
    String name = text.substring(1, text.length() - 1);
    if (text.charAt(text.length() - 1) != '"' || name.replace("\"\"", "").contains("\"")) {
      throw new IllegalArgumentException("has characters beside the double quotes");
    }
    return NamePattern.exactly(name.replace("\"\"", "\""));
  }
}
