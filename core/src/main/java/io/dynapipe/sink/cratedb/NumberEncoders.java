package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Encoders for numeric types. CrateDB cuts fractions for its integer types, wraps what is over 64
 * bit and rounds to double or to a scale, all without an error; these let nothing of that kind
 * pass.
 */
final class NumberEncoders {

  private NumberEncoders() {}

  /** Whole numbers within bounds, both included. */
  static ValueEncoder integer(CrateType type) {
    return switch (type.kind()) {
      case BYTE -> integer(Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT -> integer(Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
      // CrateDB refuses the smallest and the largest long.
      default -> integer(Long.MIN_VALUE + 1, Long.MAX_VALUE - 1);
    };
  }

  private static ValueEncoder integer(long min, long max) {
    return (out, row, column) -> {
      if (row.kind(column) != ValueKind.NUMBER
          || !isIntegerIn(row.bytes(), row.start(column), row.end(column), min, max)) {
        return ValueEncoder.Fit.NOT;
      }
      out.raw(row.bytes(), row.start(column), row.length(column));
      return ValueEncoder.Fit.EXACT;
    };
  }

  static boolean isIntegerIn(byte[] bytes, int start, int end, long min, long max) {
    boolean negative = start < end && bytes[start] == '-';
    int i = negative ? start + 1 : start;
    if (end - i < 1 || end - i > 19 || (bytes[i] == '0' && (end - i > 1 || negative))) {
      return false;
    }
    // Negative, since that side has one number more.
    long value = 0;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
        return false;
      }
      value = value * 10 - digit;
    }
    return negative ? value >= min : value >= -Long.MAX_VALUE && -value <= max;
  }

  /**
   * DOUBLE PRECISION: decimals that come back unchanged.
   *
   * @param source the source's type: a double's own text needs no proof of being shortest
   */
  static ValueEncoder real64(Column source) {
    boolean floating = source.type() == DataType.DOUBLE || source.type() == DataType.FLOAT;
    return (out, row, column) -> {
      byte[] bytes = row.bytes();
      int start = row.start(column);
      int length = row.length(column);
      if (row.kind(column) == ValueKind.TEXT) {
        return floating ? special(out, bytes, start, length) : ValueEncoder.Fit.NOT;
      }
      NumberText number = NumberText.of(bytes, start, start + length);
      if (row.kind(column) != ValueKind.NUMBER || number == null) {
        return ValueEncoder.Fit.NOT;
      }
      if (number.significant() == 0 && number.negative()) {
        // An integer zero has no sign.
        out.raw("-0.0");
        return ValueEncoder.Fit.EXACT;
      }
      boolean plain =
          !number.exponent()
              && number.significant() <= (floating ? ExactDouble.MAX_DIGITS : 15)
              && number.integerDigits() <= 300
              && number.fractionDigits() <= 300;
      if (!plain) {
        String text = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
        if (!(floating ? ExactDouble.isDouble(text, number) : ExactDouble.holds(text, number))) {
          return ValueEncoder.Fit.NOT;
        }
      }
      out.raw(bytes, start, length);
      return ValueEncoder.Fit.EXACT;
    };
  }

  /** REAL: what a float prints the same; other floats are cut, other numbers do not fit. */
  static ValueEncoder real32(Column source) {
    boolean floating = source.type() == DataType.FLOAT;
    return (out, row, column) -> {
      byte[] bytes = row.bytes();
      int start = row.start(column);
      int length = row.length(column);
      if (row.kind(column) == ValueKind.TEXT) {
        return floating ? special(out, bytes, start, length) : ValueEncoder.Fit.NOT;
      }
      NumberText number = NumberText.of(bytes, start, start + length);
      if (row.kind(column) != ValueKind.NUMBER || number == null) {
        return ValueEncoder.Fit.NOT;
      }
      String text = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
      float value = Float.parseFloat(text);
      if (Float.isInfinite(value) || (value == 0 && number.significant() > 0)) {
        return ValueEncoder.Fit.NOT;
      }
      boolean same = new BigDecimal(Float.toString(value)).compareTo(new BigDecimal(text)) == 0;
      if (!same && !floating) {
        return ValueEncoder.Fit.NOT;
      }
      out.raw(number.significant() == 0 && number.negative() ? "-0.0" : text);
      return same ? ValueEncoder.Fit.EXACT : ValueEncoder.Fit.CUT;
    };
  }

  private static ValueEncoder.Fit special(JsonBuffer out, byte[] bytes, int start, int length) {
    String text = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    if (!text.equals("NaN") && !text.equals("Infinity") && !text.equals("-Infinity")) {
      return ValueEncoder.Fit.NOT;
    }
    out.string(text);
    return ValueEncoder.Fit.EXACT;
  }

  /** NUMERIC: numbers within precision and scale, sent as strings, of which no digit gets lost. */
  static ValueEncoder numeric(CrateType type, Column source) {
    int fraction = type.scale();
    int integer = type.precision() - fraction;
    boolean texts = source.type() == DataType.DECIMAL;
    return (out, row, column) -> {
      if (fraction < 0
          || !(row.kind(column) == ValueKind.NUMBER
              || (texts && row.kind(column) == ValueKind.TEXT))
          || !fits(row, column, integer, fraction)) {
        return ValueEncoder.Fit.NOT;
      }
      out.string(row.bytes(), row.start(column), row.length(column));
      return ValueEncoder.Fit.EXACT;
    };
  }

  private static boolean fits(Row row, int column, int integer, int fraction) {
    NumberText number = NumberText.of(row.bytes(), row.start(column), row.end(column));
    if (number == null || row.length(column) > 400) {
      return false;
    }
    if (!number.exponent()) {
      return number.integerDigits() <= integer && number.fractionDigits() <= fraction;
    }
    String text =
        new String(row.bytes(), row.start(column), row.length(column), StandardCharsets.ISO_8859_1);
    try {
      BigDecimal value = new BigDecimal(text);
      if (value.signum() == 0) {
        return true;
      }
      value = value.stripTrailingZeros();
      return value.scale() <= fraction && (long) value.precision() - value.scale() <= integer;
    } catch (NumberFormatException e) {
      // An exponent over 32 bit.
      return false;
    }
  }
}
