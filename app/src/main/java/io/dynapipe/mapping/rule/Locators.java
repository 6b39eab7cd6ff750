package io.dynapipe.mapping.rule;

import io.dynapipe.mapping.document.JsonObject;

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

  private static NamePattern parse(JsonObject locator, String member, String text) {
    try {
      return NamePattern.parse(text);
    } catch (IllegalArgumentException e) {
      locator.problem(member, String.valueOf(e.getMessage()));
      return NamePattern.ANY;
    }
  }
}
