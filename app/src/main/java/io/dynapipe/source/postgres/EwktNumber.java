package io.dynapipe.source.postgres;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Spells ordinates as PostGIS does when nobody limits its digits: the shortest decimal that reads
 * back as the same number, plain between 1e-8 and 1e15.
 */
final class EwktNumber {

  private static final double LEAST_PLAIN = 1e-8;
  private static final double MOST_PLAIN = 1e15;

  private EwktNumber() {}

  static String text(double value) {
    double size = Math.abs(value);
    if (size < MOST_PLAIN && size == Math.rint(size)) {
      return 1 / value == Double.NEGATIVE_INFINITY ? "-0" : Long.toString((long) value);
    }
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    BigDecimal shortest = shortest(value);
    return size > LEAST_PLAIN && size < MOST_PLAIN
        ? shortest.toPlainString()
        : scientific(shortest);
  }

  /** {@link Double#toString(double)} is not the shortest before Java 19. */
  private static BigDecimal shortest(double value) {
    if (Math.abs(value) < Double.MIN_NORMAL) {
      // Java's form has two digits at least, and these numbers are so far apart that one may do.
      BigDecimal oneDigit = new BigDecimal(value).round(new MathContext(1));
      if (oneDigit.doubleValue() == value) {
        return oneDigit;
      }
    }
    return new BigDecimal(NumberOutput.toString(value, true)).stripTrailingZeros();
  }

  private static String scientific(BigDecimal number) {
    String digits = number.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - number.scale();
    return (number.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e" : "e+")
        + exponent;
  }
}
