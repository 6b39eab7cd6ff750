package io.dynapipe.sink.cratedb;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Tells whether a decimal text survives a DOUBLE PRECISION column: whether the shortest text of the
 * nearest double, which is what CrateDB prints, is the same number.
 */
final class ExactDouble {

  /** Any decimal of so many significant digits comes back from a double unchanged. */
  private static final int SAFE_DIGITS = 15;

  /** No double needs more to be told from all others. */
  static final int MAX_DIGITS = 17;

  private ExactDouble() {}

  /**
   * Whether the number comes back unchanged.
   *
   * @param measured the text's measures
   */
  static boolean holds(String text, NumberText measured) {
    if (measured.significant() == 0) {
      return true;
    }
    if (measured.significant() > MAX_DIGITS) {
      return false;
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value) || Math.abs(value) < Double.MIN_NORMAL) {
      // Below the normal range doubles have fewer digits.
      return value != 0
          && !Double.isInfinite(value)
          && new BigDecimal(Double.toString(value)).compareTo(new BigDecimal(text)) == 0;
    }
    return measured.significant() <= SAFE_DIGITS || isShortest(value, text, measured);
  }

  /** Whether a text that was printed from a double is read as that double. */
  static boolean isDouble(String text, NumberText measured) {
    double value = Double.parseDouble(text);
    return measured.significant() <= MAX_DIGITS
        && !Double.isInfinite(value)
        && (value != 0 || measured.significant() == 0);
  }

  /**
   * Whether the text is what a printer of shortest texts makes of the double. {@code
   * Double.toString} is no such printer before JDK 19, so this rounds the exact value instead.
   */
  private static boolean isShortest(double value, String text, NumberText measured) {
    BigDecimal exact = new BigDecimal(value);
    int digits = measured.significant();
    BigDecimal shorter = exact.round(new MathContext(digits - 1, RoundingMode.HALF_EVEN));
    return shorter.doubleValue() != value
        && exact
                .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                .compareTo(new BigDecimal(text))
            == 0;
  }
}
