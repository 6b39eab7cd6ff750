package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Value.Exact;
import io.dynapipe.mapping.expression.Value.Real;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as SQLite writes them. */
final class TimeText {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(\\d{4})-(\\d\\d)-(\\d\\d))?(?:[ T]*(\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d+))?)?"
              + "\\s*(?:([+-])(\\d\\d):(\\d\\d)|Z)?)?",
          Pattern.CASE_INSENSITIVE);
  private static final BigDecimal JULIAN_1970 = new BigDecimal("2440587.5");
  private static final BigDecimal MILLIS_PER_DAY = new BigDecimal(86_400_000);

  private TimeText() {}

  static LocalDateTime ofMicros(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L),
        (int) Math.floorMod(micros, 1_000_000L) * 1_000,
        ZoneOffset.UTC);
  }

  static long epochSecond(LocalDateTime time) {
    return time.toEpochSecond(ZoneOffset.UTC);
  }

  static double julianDay(LocalDateTime time) {
    BigDecimal millis = BigDecimal.valueOf(time.toInstant(ZoneOffset.UTC).toEpochMilli());
    return millis.divide(MILLIS_PER_DAY, 20, RoundingMode.HALF_EVEN).add(JULIAN_1970).doubleValue();
  }

  /**
   * A time; null when the value is none.
   *
   * @param unix whether a number counts seconds since 1970 instead of days of the Julian period
   */
  static @Nullable LocalDateTime parse(Value value, boolean unix, long nowMicros) {
    String text = Texts.of(value).strip();
    if (text.equalsIgnoreCase("now")) {
      return ofMicros(nowMicros);
    }
    Matcher form = FORM.matcher(text);
    try {
      if (!text.isEmpty() && form.matches()) {
        return time(form);
      }
      return value instanceof Exact || value instanceof Real || text.matches("[+-]?\\d+(\\.\\d*)?")
          ? ofNumber(Numbers.of(value), unix)
          : null;
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static LocalDateTime time(Matcher form) {
    LocalDateTime date =
        form.group(1) == null
            ? LocalDateTime.of(2000, 1, 1, 0, 0)
            : LocalDateTime.of(number(form.group(1)), number(form.group(2)), 1, 0, 0)
                .plusDays(day(number(form.group(3))) - 1L);
    if (form.group(4) == null) {
      return date;
    }
    String fraction = form.group(7) == null ? "" : form.group(7);
    LocalDateTime time =
        date.withHour(number(form.group(4)))
            .withMinute(number(form.group(5)))
            .withSecond(form.group(6) == null ? 0 : number(form.group(6)))
            .withNano(number((fraction + "000000000").substring(0, 9)));
    if (form.group(8) == null) {
      return time;
    }
    int offset = number(form.group(9)) * 60 + number(form.group(10));
    return form.group(8).equals("-") ? time.plusMinutes(offset) : time.minusMinutes(offset);
  }

  /** SQLite lets 2023-02-31 mean 2023-03-03. */
  private static int day(int day) {
    if (day < 1 || day > 31) {
      throw new DateTimeException("no day " + day);
    }
    return day;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }

  private static LocalDateTime ofNumber(Value number, boolean unix) {
    BigDecimal count = new BigDecimal(Texts.of(number));
    BigDecimal millis =
        unix ? count.movePointRight(3) : count.subtract(JULIAN_1970).multiply(MILLIS_PER_DAY);
    long rounded = millis.setScale(0, RoundingMode.HALF_UP).longValueExact();
    return ofMicros(Math.multiplyExact(rounded, 1_000L));
  }
}
