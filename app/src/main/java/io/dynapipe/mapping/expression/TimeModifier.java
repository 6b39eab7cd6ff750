package io.dynapipe.mapping.expression;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What date and time functions do to a time before they print it. */
final class TimeModifier {

  private static final Pattern SHIFT =
      Pattern.compile("([+-]?\\d{1,9}(?:\\.\\d{1,9})?)\\s*(day|hour|minute|second|month|year)s?");

  private TimeModifier() {}

  /**
   * Applies a modifier in lower case; null when the result is no time SQLite knows.
   *
   * @throws IllegalArgumentException when it is not supported
   */
  static @Nullable LocalDateTime apply(String modifier, LocalDateTime time) {
    return switch (modifier) {
      case "start of day" -> time.truncatedTo(ChronoUnit.DAYS);
      case "start of month" -> time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
      case "start of year" -> time.withDayOfYear(1).truncatedTo(ChronoUnit.DAYS);
      case "utc", "localtime" -> time; // all times are UTC here
      default ->
          modifier.matches("weekday [0-6]") ? weekday(modifier, time) : shifted(modifier, time);
    };
  }

  private static LocalDateTime weekday(String modifier, LocalDateTime time) {
    int wanted = modifier.charAt(modifier.length() - 1) - '0';
    int days = Math.floorMod(wanted - time.getDayOfWeek().getValue() % 7, 7);
    return time.plusDays(days);
  }

  private static @Nullable LocalDateTime shifted(String modifier, LocalDateTime time) {
    Matcher shift = SHIFT.matcher(modifier);
    if (!shift.matches()) {
      throw new IllegalArgumentException("time modifier '" + modifier + "' is not supported");
    }
    BigDecimal count = new BigDecimal(shift.group(1));
    try {
      return switch (shift.group(2)) {
        case "day" -> time.plus(duration(count, 86_400));
        case "hour" -> time.plus(duration(count, 3_600));
        case "minute" -> time.plus(duration(count, 60));
        case "second" -> time.plus(duration(count, 1));
        case "month" -> months(time, whole(count, modifier));
        default -> months(time, Math.multiplyExact(12L, whole(count, modifier)));
      };
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  /** A day that the month does not have runs on into the next one, as SQLite does. */
  private static LocalDateTime months(LocalDateTime time, long months) {
    return time.withDayOfMonth(1).plusMonths(months).plusDays(time.getDayOfMonth() - 1L);
  }

  private static long whole(BigDecimal count, String modifier) {
    if (count.stripTrailingZeros().scale() > 0) {
      throw new IllegalArgumentException(
          "time modifier '" + modifier + "' is not supported: months and years are whole");
    }
    return count.longValueExact();
  }

  private static Duration duration(BigDecimal count, int seconds) {
    return Duration.ofMillis(
        count
            .multiply(BigDecimal.valueOf(seconds * 1_000L))
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact());
  }
}
