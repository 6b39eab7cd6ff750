package io.dynapipe.sink.postgres;

import java.time.YearMonth;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates and times in the form that DMS gives them, and whether PostgreSQL gives them back. */
final class MomentText {

  private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d\\d)-(\\d\\d)");
  private static final Pattern TIME =
      Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.(\\d+))?|24:00:00");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(\\d{4}|[1-9]\\d{4,5})-(\\d\\d)-(\\d\\d)"
              + "T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.(\\d+))?Z");

  private static final int MAX_YEAR = 294_276;
  private static final int MAX_FRACTION_DIGITS = 6;

  private MomentText() {}

  /** Whether {@code date} gives the text back. */
  static boolean isDate(String text) {
    Matcher matcher = DATE.matcher(text);
    return isInfinity(text) || (matcher.matches() && isDay(matcher));
  }

  /**
   * How {@code timestamp} and {@code timestamptz} hold the text.
   *
   * @param precision digits of the column's fractions; -1 when it has the type's own six
   */
  static Fit timestamp(String text, int precision) {
    if (isInfinity(text)) {
      return Fit.EXACT;
    }
    Matcher matcher = TIMESTAMP.matcher(text);
    return matcher.matches() && isDay(matcher) ? fraction(matcher.group(4), precision) : Fit.NONE;
  }

  /** How {@code time} holds the text. */
  static Fit time(String text, int precision) {
    Matcher matcher = TIME.matcher(text);
    return matcher.matches() ? fraction(matcher.group(2), precision) : Fit.NONE;
  }

  private static Fit fraction(String digits, int precision) {
    int kept = precision < 0 ? MAX_FRACTION_DIGITS : precision;
    if (digits == null || digits.length() <= kept) {
      return Fit.EXACT;
    }
    return digits.chars().skip(kept).allMatch(digit -> digit == '0') ? Fit.EXACT : Fit.NEAR;
  }

  private static boolean isInfinity(String text) {
    return text.equals("infinity") || text.equals("-infinity");
  }

  private static boolean isDay(Matcher matcher) {
    int year = Integer.parseInt(matcher.group(1));
    int month = Integer.parseInt(matcher.group(2));
    int day = Integer.parseInt(matcher.group(3));
    return year >= 1
        && year <= MAX_YEAR
        && month >= 1
        && month <= 12
        && day >= 1
        && day <= YearMonth.of(year, month).lengthOfMonth();
  }
}
