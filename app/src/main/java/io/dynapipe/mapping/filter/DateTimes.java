package io.dynapipe.mapping.filter;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates and times as PostgreSQL prints them in ISO style, and in the form that events have:
 * years of more than four digits, years BC, infinities, and 24:00:00 included.
 */
final class DateTimes {

  static final long MICROS_PER_SECOND = 1_000_000;
  static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
  static final long INFINITY = Long.MAX_VALUE;
  static final long MINUS_INFINITY = Long.MIN_VALUE;

  /** PostgreSQL's epoch: counted from 1970, its last years would not fit into 64 bits. */
  private static final long DAYS_TO_2000 = 10_957;

  private static final Pattern DATE = Pattern.compile("(\\d{4,7})-(\\d\\d)-(\\d\\d)( BC)?");
  private static final Pattern TIME =
      Pattern.compile("(\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d{1,6}))?)?");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(\\d{4,6}-\\d\\d-\\d\\d)(?:[ T]([\\d:.]+))?(Z|[+-]\\d\\d(?::?\\d\\d)?)?( BC)?");

  private DateTimes() {}

  /** Days since 1970-01-01. */
  static long days(String text) {
    if (text.equals("infinity")) {
      return INFINITY;
    }
    if (text.equals("-infinity")) {
      return MINUS_INFINITY;
    }
    Matcher date = matched(DATE, text);
    int year = Integer.parseInt(date.group(1));
    try {
      return LocalDate.of(
              date.group(4) == null ? year : 1 - year,
              Integer.parseInt(date.group(2)),
              Integer.parseInt(date.group(3)))
          .toEpochDay();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is no date of the calendar", e);
    }
  }

  /** Microseconds since midnight. */
  static long timeMicros(String text) {
    Matcher time = matched(TIME, text);
    long hour = Long.parseLong(time.group(1));
    long minute = Long.parseLong(time.group(2));
    long second = time.group(3) == null ? 0 : Long.parseLong(time.group(3));
    String fraction = time.group(4) == null ? "" : time.group(4);
    long micros = Long.parseLong((fraction + "000000").substring(0, 6));
    long all = ((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND + micros;
    if (minute > 59 || second > 59 || all > MICROS_PER_DAY) {
      throw new IllegalArgumentException("'" + text + "' is no time of the day");
    }
    return all;
  }

  /** Microseconds since 2000-01-01T00:00:00, in UTC when the text has an offset. */
  static long timestampMicros(String text) {
    if (text.equals("infinity")) {
      return INFINITY;
    }
    if (text.equals("-infinity")) {
      return MINUS_INFINITY;
    }
    Matcher stamp = matched(TIMESTAMP, text);
    long days = days(stamp.group(1) + (stamp.group(4) == null ? "" : " BC"));
    long time = stamp.group(2) == null ? 0 : timeMicros(stamp.group(2));
    return (days - DAYS_TO_2000) * MICROS_PER_DAY + time - offsetMicros(stamp.group(3));
  }

  private static long offsetMicros(@Nullable String offset) {
    if (offset == null || offset.equals("Z")) {
      return 0;
    }
    String digits = offset.substring(1).replace(":", "");
    long minutes =
        Long.parseLong(digits.substring(0, 2)) * 60
            + (digits.length() > 2 ? Long.parseLong(digits.substring(2)) : 0);
    return minutes * 60 * MICROS_PER_SECOND * (offset.charAt(0) == '-' ? -1 : 1);
  }

  private static Matcher matched(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' has another form");
    }
    return matcher;
  }
}
