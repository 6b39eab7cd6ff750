package io.dynapipe.sink.postgres;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL's number types do to a number's decimal text. */
final class Decimals {

  /** Limits of {@code numeric}, and so of numbers in jsonb. */
  private static final int MAX_INTEGER_DIGITS = 131_072;

  private static final int MAX_FRACTION_DIGITS = 16_383;

  /** Decimal numbers of so many digits survive a double unchanged, below this number. */
  private static final int SAFE_DOUBLE_DIGITS = 15;

  private static final double SAFE_DOUBLE = 1e15;
  private static final int MAX_DOUBLE_DIGITS = 17;
  private static final int MAX_REAL_DIGITS = 9;

  private Decimals() {}

  /** Whether {@code numeric} holds the number exactly; it knows no negative zero. */
  static boolean fitsNumeric(byte[] ascii, int offset, int length) {
    if (length > 0 && length < 1_000 && isPlain(ascii, offset, length)) {
      return !isNegativeZero(ascii, offset, length);
    }
    BigDecimal number = parse(new String(ascii, offset, length, StandardCharsets.ISO_8859_1));
    return number != null
        && number.scale() <= MAX_FRACTION_DIGITS
        && (long) number.precision() - number.scale() <= MAX_INTEGER_DIGITS
        && !(number.signum() == 0 && ascii[offset] == '-');
  }

  /** Digits and a point, no exponent: the usual case. */
  private static boolean isPlain(byte[] ascii, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (ascii[i] == 'e' || ascii[i] == 'E') {
        return false;
      }
    }
    return true;
  }

  private static boolean isNegativeZero(byte[] ascii, int offset, int length) {
    if (ascii[offset] != '-') {
      return false;
    }
    for (int i = offset + 1; i < offset + length; i++) {
      if (ascii[i] > '0' && ascii[i] <= '9') {
        return false;
      }
    }
    return true;
  }

  /** The number, or null when the text is none or its exponent is beyond all types. */
  static @Nullable BigDecimal parse(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  /**
   * Whether {@code double precision} gives the number back as it was sent. PostgreSQL prints the
   * shortest decimal that lies strictly between the middles to the neighbouring doubles, and of
   * those the closest; that must be this number.
   *
   * @see <a
   *     href="https://github.com/postgres/postgres/blob/REL_17_STABLE/src/common/d2s.c">d2s.c</a>
   */
  static boolean isShortestDouble(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    double value = number.doubleValue();
    double size = Math.abs(value);
    if (stripped.precision() <= SAFE_DOUBLE_DIGITS
        && size < SAFE_DOUBLE
        && (size >= Double.MIN_NORMAL || number.signum() == 0)) {
      return true;
    }
    if (Double.isInfinite(value) || stripped.precision() > MAX_DOUBLE_DIGITS) {
      return false;
    }
    BigDecimal exact = new BigDecimal(value);
    return isShortest(
        stripped,
        exact,
        middle(exact, finite(Math.nextDown(value))),
        middle(exact, finite(Math.nextUp(value))));
  }

  /** The same for {@code real}. */
  static boolean isShortestReal(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    float value = number.floatValue();
    if (number.signum() == 0) {
      return true;
    }
    if (Float.isInfinite(value) || value == 0 || stripped.precision() > MAX_REAL_DIGITS) {
      return false;
    }
    BigDecimal exact = new BigDecimal(value);
    return isShortest(
        stripped,
        exact,
        middle(exact, finite(Math.nextDown(value))),
        middle(exact, finite(Math.nextUp(value))));
  }

  private static boolean isShortest(
      BigDecimal number, BigDecimal exact, BigDecimal low, BigDecimal high) {
    for (int digits = 1; digits <= number.precision(); digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.compareTo(low) > 0 && rounded.compareTo(high) < 0) {
        return rounded.compareTo(number) == 0;
      }
    }
    return false;
  }

  private static BigDecimal middle(BigDecimal one, BigDecimal other) {
    return one.add(other).divide(BigDecimal.valueOf(2));
  }

  /** Beyond the largest number there is none; a little above it serves as a bound. */
  private static BigDecimal finite(double value) {
    return Double.isInfinite(value)
        ? new BigDecimal(Math.copySign(Double.MAX_VALUE, value)).multiply(BigDecimal.valueOf(1.1))
        : new BigDecimal(value);
  }
}
