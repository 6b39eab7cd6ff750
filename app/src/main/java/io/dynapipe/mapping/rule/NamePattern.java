package io.dynapipe.mapping.rule;

import java.util.regex.Pattern;

/**
 * A pattern for the name of a schema, table or column: {@code %} stands for any characters, {@code
 * _} for one, {@code [ab]} and {@code [a-d]} for one of a set; {@code [_]} and {@code [%]} are the
 * characters themselves. Case matters.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TableMapping.SelectionTransformation.Wildcards.html">Wildcards
 *     in table mapping</a>
 */
public final class NamePattern {

  /** Matches every name. */
  public static final NamePattern ANY = parse("%");

  private final String text;
  private final String name;
  private final Pattern regex;
  private final boolean literal;
  private final boolean exact;

  private NamePattern(String text, String name, Pattern regex, boolean literal, boolean exact) {
    this.text = text;
    this.name = name;
    this.regex = regex;
    this.literal = literal;
    this.exact = exact;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException when a set is empty, not closed, or its range runs backwards
   */
  public static NamePattern parse(String text) {
    StringBuilder regex = new StringBuilder();
    boolean literal = true;
    boolean exact = true;
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (c == '[') {
        int close = text.indexOf(']', i + 2);
        if (close < 0) {
          throw new IllegalArgumentException("'" + text + "' has a [ that is not closed");
        }
        String set = text.substring(i + 1, close);
        boolean one = set.codePointCount(0, set.length()) == 1;
        regex.append(characterClass(set, text));
        name.append(set);
        literal &= one;
        exact &= one;
        i = close;
      } else if (c == '%' || c == '_') {
        regex.append(c == '%' ? ".*" : ".");
        name.appendCodePoint(c);
        literal = false;
        exact &= c == '_';
      } else {
        regex.append(quoted(c));
        name.appendCodePoint(c);
      }
    }
    Pattern compiled = Pattern.compile(regex.toString(), Pattern.DOTALL);
    return new NamePattern(text, name.toString(), compiled, literal, exact);
  }

  /** A pattern that matches this name only, whatever characters it has. */
  public static NamePattern exactly(String name) {
    return new NamePattern(name, name, Pattern.compile(name, Pattern.LITERAL), true, true);
  }

  private static String characterClass(String set, String text) {
    StringBuilder regex = new StringBuilder("[");
    int[] points = set.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      regex.append(quoted(points[i]));
      if (i + 2 < points.length && points[i + 1] == '-') {
        if (points[i + 2] < points[i]) {
          throw new IllegalArgumentException("'" + text + "' has a range that runs backwards");
        }
        regex.append('-').append(quoted(points[i + 2]));
        i += 2;
      }
    }
    return regex.append(']').toString();
  }

  private static String quoted(int point) {
    return String.format("\\x{%x}", point);
  }

  public boolean matches(String name) {
    return regex.matcher(name).matches();
  }

  /** Whether there is no wildcard in it at all. */
  public boolean isLiteral() {
    return literal;
  }

  /**
   * Whether it can pass where DMS asks for an exact name: no wildcard but {@code _}, which people
   * write as a plain character there.
   */
  public boolean isExact() {
    return exact;
  }

  /** The name that an exact pattern means: {@code _} and {@code [_]} are the character. */
  public String exactName() {
    return name;
  }

  /** The pattern as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
