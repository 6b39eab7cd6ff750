package io.dynapipe.mapping.filter;

import java.math.BigDecimal;

/**
 * Whole and decimal numbers, compared exactly. NaN is equal to itself and above everything else,
 * infinities included, as in PostgreSQL.
 *
 * @param unsigned whether the type has no comparison with numbers of its own ({@code oid}, {@code
 *     xid})
 */
record NumberComparison(boolean unsigned) implements Comparison<NumberComparison.Numeral> {

  private static final int MAX_EXPONENT = 1_000;

  /**
   * A number, or one of the three that are none.
   *
   * @param rank -1: -Infinity, 0: the value, 1: Infinity, 2: NaN
   */
  record Numeral(int rank, BigDecimal value) {}

  @Override
  public Numeral parseValue(String text) {
    try {
      BigDecimal value = new BigDecimal(text.strip());
      if (Math.abs((long) value.scale()) <= MAX_EXPONENT) {
        return new Numeral(0, value);
      }
    } catch (NumberFormatException e) {
      // told below, as for too large an exponent
    }
    throw new IllegalArgumentException("'" + text + "' is not a number such as 42 or -1.5");
  }

  @Override
  public Numeral parseRow(String text) {
    return switch (text) {
      case "NaN" -> new Numeral(2, BigDecimal.ZERO);
      case "Infinity" -> new Numeral(1, BigDecimal.ZERO);
      case "-Infinity" -> new Numeral(-1, BigDecimal.ZERO);
      default -> new Numeral(0, new BigDecimal(text));
    };
  }

  @Override
  public int compare(Numeral left, Numeral right) {
    return left.rank() == 0 && right.rank() == 0
        ? left.value().compareTo(right.value())
        : Integer.compare(left.rank(), right.rank());
  }

  @Override
  public String sqlColumn(String quoted) {
    return unsigned ? quoted + "::text::numeric" : quoted;
  }

  @Override
  public String sqlValue(Numeral value) {
    return "(" + value.value().toPlainString() + ")";
  }
}
