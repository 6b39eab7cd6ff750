package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Value.Blob;
import io.dynapipe.mapping.expression.Value.Exact;
import io.dynapipe.mapping.expression.Value.Real;
import io.dynapipe.mapping.expression.Value.Special;
import io.dynapipe.mapping.expression.Value.Text;
import io.dynapipe.mapping.expression.Value.Truth;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;

/** SQLite's operators. Operands are never missing: {@link Parser} sees to that. */
final class Operators {

  static final Value TRUE = Exact.of(1);
  static final Value FALSE = Exact.of(0);

  private Operators() {}

  static Value of(boolean truth) {
    return truth ? TRUE : FALSE;
  }

  static Value concat(Value left, Value right) {
    return left.isNull() || right.isNull()
        ? Special.NULL
        : new Text(Texts.of(left) + Texts.of(right));
  }

  static Value add(Value left, Value right) {
    return arithmetic(left, right, BigDecimal::add, Double::sum);
  }

  static Value subtract(Value left, Value right) {
    return arithmetic(left, right, BigDecimal::subtract, (a, b) -> a - b);
  }

  static Value multiply(Value left, Value right) {
    return arithmetic(left, right, BigDecimal::multiply, (a, b) -> a * b);
  }

  /** Whole numbers give a whole number; decimals up to 34 digits; a zero divisor gives NULL. */
  static Value divide(Value left, Value right) {
    Value a = Numbers.of(left);
    Value b = Numbers.of(right);
    if (a.isNull() || b.isNull() || Numbers.isZero(b)) {
      return Special.NULL;
    }
    if (a instanceof Exact x && b instanceof Exact y) {
      return x.isInteger() && y.isInteger()
          ? Exact.of(new BigDecimal(x.number().toBigInteger().divide(y.number().toBigInteger())))
          : exact(x.number().divide(y.number(), MathContext.DECIMAL128));
    }
    return real(Numbers.toDouble(a) / Numbers.toDouble(b));
  }

  /** Both sides are cut to whole numbers first. */
  static Value remainder(Value left, Value right) {
    Value a = Numbers.of(left);
    Value b = Numbers.of(right);
    if (a.isNull() || b.isNull()) {
      return Special.NULL;
    }
    BigInteger divisor = Numbers.toInteger(b);
    return divisor.signum() == 0
        ? Special.NULL
        : Exact.of(new BigDecimal(Numbers.toInteger(a).remainder(divisor)));
  }

  static Value negate(Value value) {
    return subtract(FALSE, value);
  }

  private static Value arithmetic(
      Value left, Value right, BinaryOperator<BigDecimal> exact, DoubleBinaryOperator real) {
    Value a = Numbers.of(left);
    Value b = Numbers.of(right);
    if (a.isNull() || b.isNull()) {
      return Special.NULL;
    }
    return a instanceof Exact x && b instanceof Exact y
        ? exact(exact.apply(x.number(), y.number()))
        : real(real.applyAsDouble(Numbers.toDouble(a), Numbers.toDouble(b)));
  }

  /** Without needless zeros, but a decimal stays one: 5.00 is 5.0, as SQLite prints it. */
  private static Value exact(BigDecimal number) {
    if (number.scale() <= 1) {
      return Exact.of(number);
    }
    BigDecimal stripped = number.stripTrailingZeros();
    return Exact.of(stripped.scale() < 1 ? stripped.setScale(1) : stripped);
  }

  /** SQLite has no NaN: it is NULL there. */
  private static Value real(double number) {
    return Double.isNaN(number) ? Special.NULL : Real.of(number);
  }

  /** Of two values that are not NULL: numbers before texts before blobs, texts by their bytes. */
  static int compare(Value left, Value right) {
    Value a = comparable(left, right);
    Value b = comparable(right, left);
    int byClass = Integer.compare(storageClass(a), storageClass(b));
    if (byClass != 0) {
      return byClass;
    }
    if (a instanceof Blob x && b instanceof Blob y) {
      return Arrays.compareUnsigned(x.bytes(), y.bytes());
    }
    if (storageClass(a) == 1) {
      return Arrays.compareUnsigned(Texts.utf8(a), Texts.utf8(b));
    }
    return Numbers.compare(a, b);
  }

  private static Value comparable(Value value, Value other) {
    if (!(value instanceof Truth truth)) {
      return value;
    }
    return other instanceof Text ? new Text(Texts.of(value)) : of(truth.value());
  }

  private static int storageClass(Value value) {
    if (value instanceof Blob) {
      return 2;
    }
    return value instanceof Text ? 1 : 0;
  }

  /** 1, 0 or NULL. */
  static Value truth(Value value) {
    return value.isNull() ? value : of(isTrue(value));
  }

  static boolean isTrue(Value value) {
    if (value instanceof Truth truth) {
      return truth.value();
    }
    return !value.isNull() && !Numbers.isZero(Numbers.of(value));
  }
}
