package io.dynapipe.mapping.rule;

/**
 * What a rule calls itself.
 *
 * @param number rule-id: of several rules for one thing the lowest counts
 */
public record RuleId(long number, String name) implements Comparable<RuleId> {

  @Override
  public int compareTo(RuleId other) {
    return Long.compare(number, other.number);
  }

  /** For messages. */
  @Override
  public String toString() {
    return "rule-id " + number + (name.isEmpty() ? "" : " '" + name + "'");
  }
}
