package io.dynapipe.mapping.rule;

import io.dynapipe.event.TableName;
import io.dynapipe.mapping.document.JsonObject;
import org.jspecify.annotations.Nullable;

/** Reads the names that say what a rule is about. */
final class Locators {

  private Locators() {}

  /**
   * A pattern that must be there.
   *
   * @param plain whether every character stands for itself
   */
  static NamePattern pattern(JsonObject locator, String member, boolean plain) {
    String text = locator.requiredText(member);
    return plain ? NamePattern.exactly(text) : parse(locator, member, text);
  }

  /** A pattern; every name when it is missing. */
  static NamePattern optionalPattern(JsonObject locator, String member) {
    String text = locator.text(member, "");
    return text.isEmpty() ? NamePattern.ANY : parse(locator, member, text);
  }

  /**
   * The table of a rule that must name one; null when it does not.
   *
   * @param what the kind of rule, for the problem
   */
  static @Nullable TableName exactTable(JsonObject rule, String what) {
    JsonObject locator = rule.requiredObject("object-locator");
    NamePattern schema = pattern(locator, "schema-name", false);
    NamePattern table = pattern(locator, "table-name", false);
    locator.end();
    if (!schema.isExact() || !table.isExact()) {
      rule.problem("object-locator", "exact schema and table name are required in " + what);
      return null;
    }
    return table.exactName().isEmpty()
        ? null
        : new TableName(schema.exactName(), table.exactName());
  }

  private static NamePattern parse(JsonObject locator, String member, String text) {
    try {
      return NamePattern.parse(text);
    } catch (IllegalArgumentException e) {
      locator.problem(member, String.valueOf(e.getMessage()));
      return NamePattern.ANY;
    }
  }
}
