package io.dynapipe.mapping.filter;

/**
 * How values of a column's type compare: the same way in SQL and here. The order is PostgreSQL's,
 * except that texts go by the bytes of their UTF-8 form ({@code COLLATE "C"}), since the order of
 * the database's collation is known to that server alone.
 *
 * @param <V> what a value is parsed into
 */
interface Comparison<V> {

  /**
   * A filter's value.
   *
   * @throws IllegalArgumentException that says what a value of the type looks like
   */
  V parseValue(String text);

  /**
   * A row's value, as full load and CDC render it.
   *
   * @throws IllegalArgumentException when it is nothing that a column of the type can hold
   */
  V parseRow(String text);

  int compare(V left, V right);

  /** Whether one value is before another; if not, values are equal or different, no more. */
  default boolean isOrdered() {
    return true;
  }

  /** The column, quoted already, as an SQL expression that compares as {@link #compare} does. */
  String sqlColumn(String quoted);

  /** The value as an SQL literal. */
  String sqlValue(V value);

  /**
   * A condition that every row with this value meets and that an index of the column can answer;
   * empty when {@link #sqlColumn} can be answered by one already.
   */
  default String sqlEqualsHint(String quoted, V value) {
    return "";
  }
}
