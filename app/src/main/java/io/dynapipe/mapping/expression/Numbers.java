package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Value.Exact;
import io.dynapipe.mapping.expression.Value.Real;
import io.dynapipe.mapping.expression.Value.Truth;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values as numbers. */
final class Numbers {

  private static final Pattern PREFIX =
      Pattern.compile("\\s*([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,9})?)");

  /** Beyond this an exact number would need more memory than it is worth. */
  private static final int MAX_EXPONENT = 400;

  private Numbers() {}

  /** A number's text, exactly if its size allows. */
  static Value parse(String text) {
    BigDecimal number = new BigDecimal(text);
    long exponent = (long) number.precision() - number.scale();
    return Math.abs(exponent) > MAX_EXPONENT && text.length() < MAX_EXPONENT
        ? Real.of(Double.parseDouble(text))
        : Exact.of(number);
  }

  /** A number, or NULL for NULL; of a text the number that it begins with, else 0. */
  static Value of(Value value) {
    if (value instanceof Truth truth) {
      return Operators.of(truth.value());
    }
    if (value.isNull() || value instanceof Exact || value instanceof Real) {
      return value;
    }
    Matcher prefix = PREFIX.matcher(Texts.of(value));
    return prefix.lookingAt() ? parse(prefix.group(1)) : Operators.FALSE;
  }

  static boolean isZero(Value number) {
    return number instanceof Exact exact
        ? exact.number().signum() == 0
        : number instanceof Real real && real.number() == 0;
  }

  static double toDouble(Value number) {
    return number instanceof Exact exact ? exact.number().doubleValue() : ((Real) number).number();
  }

  /** Cut towards zero. */
  static BigInteger toInteger(Value number) {
    if (number instanceof Exact exact) {
      return exact.number().toBigInteger();
    }
    double real = ((Real) number).number();
    return Double.isFinite(real) ? new BigDecimal(real).toBigInteger() : BigInteger.ZERO;
  }

  /** An integer argument of a function, kept within an int. */
  static int toInt(Value value) {
    return toInteger(of(value))
        .max(BigInteger.valueOf(Integer.MIN_VALUE + 1))
        .min(BigInteger.valueOf(Integer.MAX_VALUE))
        .intValue();
  }

  static int compare(Value left, Value right) {
    if (left instanceof Exact a && right instanceof Exact b) {
      return a.number().compareTo(b.number());
    }
    if (left instanceof Real a && right instanceof Real b) {
      return a.number() == b.number() ? 0 : Double.compare(a.number(), b.number());
    }
    double real = toDouble(left instanceof Real ? left : right);
    if (!Double.isFinite(real)) {
      return Double.compare(toDouble(left), toDouble(right));
    }
    return exactly(left).compareTo(exactly(right));
  }

  private static BigDecimal exactly(Value number) {
    return number instanceof Exact exact ? exact.number() : new BigDecimal(toDouble(number));
  }
}
