package io.dynapipe.mapping.filter;

/**
 * {@code real} and {@code double precision}: both compare as doubles, as PostgreSQL does.
 *
 * @param single whether the column is a {@code real}, whose text is that of a float
 */
record FloatComparison(boolean single) implements Comparison<Double> {

  @Override
  public Double parseValue(String text) {
    try {
      return Double.valueOf(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number such as 42 or -1.5", e);
    }
  }

  @Override
  public Double parseRow(String text) {
    return single ? (double) Float.parseFloat(text) : Double.parseDouble(text);
  }

  @Override
  public int compare(Double left, Double right) {
    // Double.compare sets -0.0 below 0.0; PostgreSQL takes them as equal
    return left.doubleValue() == right.doubleValue() ? 0 : Double.compare(left, right);
  }

  @Override
  public String sqlColumn(String quoted) {
    return quoted + "::float8";
  }

  @Override
  public String sqlValue(Double value) {
    return "'" + value + "'::float8";
  }
}
