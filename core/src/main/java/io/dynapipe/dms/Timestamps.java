package io.dynapipe.dms;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads the metadata's timestamps. */
final class Timestamps {

  private static final String FORM = "dddd-dd-ddTdd:dd:dd";
  private static final long MICROS_PER_SECOND = 1_000_000;

  private Timestamps() {}

  /**
   * Microseconds since 1970-01-01T00:00:00Z, or null when the text is no ISO 8601 instant. Digits
   * after the sixth are dropped.
   */
  static @Nullable Long parse(String text) {
    return parse(text.toCharArray(), 0, text.length());
  }

  /** As {@link #parse(String)}, without making a string of what every record tells. */
  static @Nullable Long parse(char[] text, int start, int length) {
    try {
      int end = start + length - 1;
      int fraction = start + FORM.length();
      boolean plain =
          length > FORM.length()
              && hasForm(text, start)
              && text[end] == 'Z'
              && (end == fraction || isFraction(text, fraction, end));
      if (!plain) {
        return parseAny(new String(text, start, length));
      }
      return parsePlain(text, start, end);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static boolean hasForm(char[] text, int start) {
    for (int i = 0; i < FORM.length(); i++) {
      char wanted = FORM.charAt(i);
      char c = text[start + i];
      if (wanted == 'd' ? !isDigit(c) : c != wanted) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFraction(char[] text, int start, int end) {
    int digits = end - start - 1;
    if (text[start] != '.' || digits < 1 || digits > 6) {
      return false;
    }
    for (int i = start + 1; i < end; i++) {
      if (!isDigit(text[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static long parsePlain(char[] text, int start, int end) {
    int hour = number(text, start + 11, 2);
    int minute = number(text, start + 14, 2);
    int second = number(text, start + 17, 2);
    if (hour > 23 || minute > 59 || second > 59) {
      throw new DateTimeException("no such time of day");
    }
    long day =
        LocalDate.of(number(text, start, 4), number(text, start + 5, 2), number(text, start + 8, 2))
            .toEpochDay();
    long micros = 0;
    for (int i = 0; i < 6; i++) {
      int at = start + FORM.length() + 1 + i;
      micros = micros * 10 + (at < end ? text[at] - '0' : 0);
    }
    return (day * 86_400 + hour * 3_600L + minute * 60L + second) * MICROS_PER_SECOND + micros;
  }

  private static int number(char[] digits, int start, int length) {
    int number = 0;
    for (int i = start; i < start + length; i++) {
      number = number * 10 + digits[i] - '0';
    }
    return number;
  }

  private static @Nullable Long parseAny(String text) {
    try {
      Instant instant = Instant.parse(text);
      long seconds = instant.getEpochSecond();
      long micros = instant.getNano() / 1000;
      // Before 1970 from the next second backwards: the very first second is not a whole one.
      return seconds < 0
          ? Math.addExact(
              Math.multiplyExact(seconds + 1, MICROS_PER_SECOND), micros - MICROS_PER_SECOND)
          : Math.addExact(Math.multiplyExact(seconds, MICROS_PER_SECOND), micros);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
