package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;

/** Quotes names and texts for CrateDB's SQL. */
final class SqlText {

  private SqlText() {}

  /** A name in double quotes: case kept, nothing folded. */
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A text in single quotes. */
  static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  static String table(TableName name) {
    return identifier(name.schema()) + '.' + identifier(name.name());
  }

  /** A member of an object column: {@code data['price']}. */
  static String member(String column, String name) {
    return column + '[' + literal(name) + ']';
  }
}
