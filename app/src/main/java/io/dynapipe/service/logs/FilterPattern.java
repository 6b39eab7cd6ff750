package io.dynapipe.service.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A filter pattern for unstructured lines: {@code word}, {@code "some words"}, {@code -without},
 * {@code ?any ?of}, {@code %regex%}. All terms must hold, of the optional ones at least one.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html">Filter
 *     pattern syntax</a>
 */
final class FilterPattern implements Predicate<String> {

  private static final Pattern TERM =
      Pattern.compile("([-?]?)(?:\"((?:[^\"\\\\]|\\\\.)*)\"|%([^%]*)%|(\\S+))");

  private final List<Predicate<String>> all = new ArrayList<>();
  private final List<Predicate<String>> any = new ArrayList<>();

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException when it is one for JSON or columns, or a wrong expression
   */
  FilterPattern(String pattern) {
    String text = pattern.strip();
    if (text.startsWith("{") || text.startsWith("[")) {
      throw new IllegalArgumentException("patterns for JSON and for columns are not offered");
    }
    Matcher terms = TERM.matcher(text);
    while (terms.find()) {
      Predicate<String> test = test(terms);
      switch (terms.group(1)) {
        case "-" -> all.add(test.negate());
        case "?" -> any.add(test);
        default -> all.add(test);
      }
    }
  }

  private static Predicate<String> test(Matcher term) {
    if (term.group(3) != null) {
      try {
        return Pattern.compile(term.group(3)).asPredicate();
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException("the expression is wrong: " + e.getDescription(), e);
      }
    }
    String wanted =
        term.group(2) == null ? term.group(4) : term.group(2).replaceAll("\\\\(.)", "$1");
    return line -> line.contains(wanted);
  }

  @Override
  public boolean test(String line) {
    return all.stream().allMatch(test -> test.test(line))
        && (any.isEmpty() || any.stream().anyMatch(test -> test.test(line)));
  }
}
