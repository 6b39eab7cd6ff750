package io.dynapipe.sink.postgres;

/**
 * A column of the arrays that a statement takes.
 *
 * @param name the target column's name, or one that no target column has
 * @param type SQL type its texts are cast to
 */
record StagedColumn(String name, String type) {

  static final String PREVIOUS = "dynapipe: previous ";
  static final String EVENT = "dynapipe: event";
  static final String KEY = "dynapipe: key";

  /** The column of the source rows {@code s}. */
  String ref() {
    return "s." + Sql.name(name);
  }
}
