package io.dynapipe.source.postgres;

import io.dynapipe.event.TableName;

/** Names and literals, quoted so that the server reads them back exactly. */
public final class Sql {

  private Sql() {}

  public static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Schema-qualified. */
  public static String table(TableName name) {
    return identifier(name.schema()) + "." + identifier(name.name());
  }

  /** A string literal that does not depend on {@code standard_conforming_strings}. */
  public static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
  }
}
