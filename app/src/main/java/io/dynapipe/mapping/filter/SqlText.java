package io.dynapipe.mapping.filter;

/** Quotes names and texts for PostgreSQL, so that none of them can end up as SQL. */
public final class SqlText {

  private SqlText() {}

  /** An identifier in double quotes. */
  public static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /**
   * A string literal that means the same whatever {@code standard_conforming_strings} is.
   *
   * @throws IllegalArgumentException when it holds a NUL, which no PostgreSQL text can
   */
  public static String literal(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("must not hold a NUL character");
    }
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
  }
}
