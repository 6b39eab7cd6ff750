package io.dynapipe.sink.cratedb;

import org.jspecify.annotations.Nullable;

/**
 * A decimal number's text, measured without computing its value.
 *
 * @param exponent whether the text has one; the counts then do not include its effect
 * @param integerDigits digits before the point without leading zeros
 * @param fractionDigits digits after the point without trailing zeros
 * @param significant digits from the first to the last that is not zero; 0 for zero
 */
record NumberText(
    boolean negative, boolean exponent, int integerDigits, int fractionDigits, int significant) {

  /**
   * Measures ASCII bytes; null when they are not a decimal number (digits, at most one point,
   * perhaps an exponent).
   */
  static @Nullable NumberText of(byte[] bytes, int start, int end) {
    int i = start < end && bytes[start] == '-' ? start + 1 : start;
    int first = i;
    int point = -1;
    int integerDigits = 0;
    int fractionDigits = 0;
    int significant = 0;
    int zeros = 0;
    for (; i < end; i++) {
      byte b = bytes[i];
      if (b == '.' && point < 0 && i > first) {
        point = i;
      } else if (b < '0' || b > '9') {
        break;
      } else {
        integerDigits += point < 0 && (integerDigits > 0 || b != '0') ? 1 : 0;
        if (b == '0') {
          zeros += significant > 0 ? 1 : 0;
        } else {
          significant += zeros + 1;
          zeros = 0;
          fractionDigits = point < 0 ? 0 : i - point;
        }
      }
    }
    boolean exponent = i < end;
    boolean valid = i > first && point != i - 1 && (!exponent || isExponent(bytes, i, end));
    return valid
        ? new NumberText(first > start, exponent, integerDigits, fractionDigits, significant)
        : null;
  }

  private static boolean isExponent(byte[] bytes, int start, int end) {
    int i = start + 1;
    if (bytes[start] != 'e' && bytes[start] != 'E') {
      return false;
    }
    if (i < end && (bytes[i] == '+' || bytes[i] == '-')) {
      i++;
    }
    int first = i;
    while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
      i++;
    }
    return i == end && i > first;
  }
}
