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

  /** Decimal numbers of so many digits survive a double unchanged. */
  private static final int SAFE_DOUBLE_DIGITS = 15;

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
   * Whether {@code double precision} gives the number back as it was sent: PostgreSQL prints the
   * shortest decimal that means the same double, and that must be this number.
   */
  static boolean isShortestDouble(BigDecimal number) {
    double value = number.doubleValue();
    BigDecimal stripped = number.stripTrailingZeros();
    int digits = stripped.precision();
    if (Double.isInfinite(value) || digits > 17) {
      return false;
    }
    if (number.signum() == 0) {
      return true;
    }
    boolean normal = Math.abs(value) >= Double.MIN_NORMAL;
    if (digits <= SAFE_DOUBLE_DIGITS && normal) {
      return true;
    }
    return isShortest(stripped, new BigDecimal(value), normal ? SAFE_DOUBLE_DIGITS : 1, value);
  }

  private static boolean isShortest(BigDecimal number, BigDecimal exact, int from, double value) {
    for (int digits = from; digits < number.precision(); digits++) {
      if (exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).doubleValue() == value) {
        return false;
      }
    }
    return exact
            .round(new MathContext(number.precision(), RoundingMode.HALF_EVEN))
            .compareTo(number)
        == 0;
  }

  /** The same for {@code real}. */
  static boolean isShortestReal(BigDecimal number) {
    float value = number.floatValue();
    BigDecimal stripped = number.stripTrailingZeros();
    int digits = stripped.precision();
    if (Float.isInfinite(value) || digits > 9 || (value == 0 && number.signum() != 0)) {
      return false;
    }
    BigDecimal exact = new BigDecimal(value);
    for (int shorter = 1; shorter < digits; shorter++) {
      if (exact.round(new MathContext(shorter, RoundingMode.HALF_EVEN)).floatValue() == value) {
        return false;
      }
    }
    return number.signum() == 0
        || exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).compareTo(stripped) == 0;
  }
}
