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
    try {
      int end = text.length() - 1;
      boolean plain =
          hasForm(text)
              && text.charAt(end) == 'Z'
              && (end == FORM.length() || isFraction(text, FORM.length(), end));
      if (!plain) {
        return parseAny(text);
      }
      return parsePlain(text, end);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static boolean hasForm(String text) {
    if (text.length() <= FORM.length()) {
      return false;
    }
    for (int i = 0; i < FORM.length(); i++) {
      char wanted = FORM.charAt(i);
      char c = text.charAt(i);
      if (wanted == 'd' ? c < '0' || c > '9' : c != wanted) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFraction(String text, int start, int end) {
    int digits = end - start - 1;
    if (text.charAt(start) != '.' || digits < 1 || digits > 6) {
      return false;
    }
    for (int i = start + 1; i < end; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static long parsePlain(String text, int end) {
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (hour > 23 || minute > 59 || second > 59) {
      throw new DateTimeException("no such time of day");
    }
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
    long micros = 0;
    for (int i = 0; i < 6; i++) {
      int at = FORM.length() + 1 + i;
      micros = micros * 10 + (at < end ? text.charAt(at) - '0' : 0);
    }
    return (day * 86_400 + hour * 3_600L + minute * 60L + second) * MICROS_PER_SECOND + micros;
  }

  private static int number(String text, int start, int end) {
    return Integer.parseInt(text, start, end, 10);
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
