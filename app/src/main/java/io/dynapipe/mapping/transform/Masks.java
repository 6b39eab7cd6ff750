package io.dynapipe.mapping.transform;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.ValueKind;
import io.dynapipe.mapping.expression.Sha256;
import io.dynapipe.mapping.rule.TransformationAction.Mask;
import java.math.BigInteger;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Data masking.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TableMapping.SelectionTransformation.Masking.html">Using
 *     data masking to hide sensitive information</a>
 */
final class Masks {

  /** A random number seldom misses the type's range; this often it never does. */
  private static final int TRIES = 100;

  private Masks() {}

  /** Whether a column of this type can be masked so. */
  static boolean fits(Mask mask, Column column) {
    DataType type = column.type();
    return switch (mask.kind()) {
      case DIGITS_MASK, HASH -> type == DataType.STRING;
      case DIGITS_RANDOMIZE ->
          type == DataType.STRING || type == DataType.DECIMAL || type.isInteger();
    };
  }

  static ValueStep step(Mask mask, Column column) {
    return switch (mask.kind()) {
      case DIGITS_MASK -> cell -> cell.set(cell.kind(), masked(cell.text(), mask.character()));
      case HASH -> cell -> cell.set(ValueKind.TEXT, Sha256.of(cell.text()));
      case DIGITS_RANDOMIZE ->
          column.type() == DataType.STRING
              ? cell -> cell.set(cell.kind(), randomized(cell.text(), false))
              : cell -> cell.set(cell.kind(), randomNumber(cell.text(), column.type()));
    };
  }

  private static String masked(String text, char character) {
    StringBuilder masked = new StringBuilder(text);
    for (int i = 0; i < masked.length(); i++) {
      if (isDigit(masked.charAt(i))) {
        masked.setCharAt(i, character);
      }
    }
    return masked.toString();
  }

  /**
   * Other digits in the same places.
   *
   * @param number whether a first digit 0 would make it another kind of number
   */
  private static String randomized(String text, boolean number) {
    StringBuilder random = new StringBuilder(text);
    boolean first = number;
    for (int i = 0; i < random.length(); i++) {
      if (isDigit(random.charAt(i))) {
        boolean more = i + 1 < random.length() && isDigit(random.charAt(i + 1));
        int least = first && more ? 1 : 0;
        random.setCharAt(i, (char) ('0' + ThreadLocalRandom.current().nextInt(least, 10)));
        first = false;
      }
    }
    return random.toString();
  }

  private static String randomNumber(String text, DataType type) {
    for (int i = 0; i < TRIES; i++) {
      String random = randomized(text, true);
      if (!type.isInteger() || isInRange(random, type)) {
        return random.equals("-0") ? "0" : random;
      }
    }
    return "0";
  }

  private static boolean isInRange(String digits, DataType type) {
    BigInteger number = new BigInteger(digits);
    return switch (type) {
      case INT8 -> number.bitLength() < 8;
      case INT16 -> number.bitLength() < 16;
      case INT32 -> number.bitLength() < 32;
      case UINT8 -> number.bitLength() <= 8;
      case UINT16 -> number.bitLength() <= 16;
      case UINT32 -> number.bitLength() <= 32;
      case UINT64 -> number.bitLength() <= 64;
      case INT64, BOOLEAN, DECIMAL, FLOAT, DOUBLE, STRING, BINARY, DATE, TIME, TIMESTAMP ->
          number.bitLength() < 64;
    };
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
