package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Value.Blob;
import io.dynapipe.mapping.expression.Value.Exact;
import io.dynapipe.mapping.expression.Value.Real;
import io.dynapipe.mapping.expression.Value.Text;
import io.dynapipe.mapping.expression.Value.Truth;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;

/** Values as texts. */
final class Texts {

  private static final int SIGNIFICANT_DIGITS = 15;
  private static final int LEAST_EXPONENT = -4;

  private Texts() {}

  /** The text of a value that is not NULL; a column's number as the source wrote it. */
  static String of(Value value) {
    if (value instanceof Text text) {
      return text.text();
    }
    if (value instanceof Exact exact) {
      return exact.source() == null ? exact.number().toPlainString() : exact.source();
    }
    if (value instanceof Real real) {
      return real.source() == null ? real(real.number()) : real.source();
    }
    if (value instanceof Truth truth) {
      return truth.value() ? "true" : "false";
    }
    if (value instanceof Blob blob) {
      return blob.source() == null
          ? new String(blob.bytes(), StandardCharsets.UTF_8)
          : blob.source();
    }
    return "";
  }

  static byte[] utf8(Value value) {
    return value instanceof Blob blob ? blob.bytes() : of(value).getBytes(StandardCharsets.UTF_8);
  }

  /** As SQLite prints it ({@code %!.15g}): 15 digits, always with a point. */
  private static String real(double number) {
    if (Double.isInfinite(number)) {
      return number > 0 ? "Inf" : "-Inf";
    }
    if (number == 0) {
      return "0.0";
    }
    BigDecimal digits =
        new BigDecimal(number).round(new MathContext(SIGNIFICANT_DIGITS)).stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent < LEAST_EXPONENT || exponent >= SIGNIFICANT_DIGITS) {
      String mantissa = withPoint(digits.movePointLeft(exponent).toPlainString());
      return mantissa + String.format("e%+03d", exponent);
    }
    return withPoint(digits.toPlainString());
  }

  private static String withPoint(String digits) {
    return digits.indexOf('.') < 0 ? digits + ".0" : digits;
  }
}
