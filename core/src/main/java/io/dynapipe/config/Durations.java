package io.dynapipe.config;

import io.dynapipe.error.PipelineException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 250ms}, {@code 10s}, {@code 5m}, {@code 1h30m}, {@code
 * 7d}.
 */
public final class Durations {

  private static final Pattern WHOLE = Pattern.compile("(?:[0-9]{1,15}(?:ms|s|min|m|h|d))+");
  private static final Pattern PART = Pattern.compile("([0-9]+)(ms|s|min|m|h|d)");

  private Durations() {}

  /**
   * Reads a duration; a bare number is refused, because nobody knows its unit.
   *
   * @throws PipelineException (input) when the text is no such duration
   */
  public static Duration parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (!WHOLE.matcher(lower).matches()) {
      throw PipelineException.input(
          "'" + text + "' is not a duration",
          "Give a number with a unit (ms, s, m, h, d), as in 10s or 1h30m.");
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(lower);
    try {
      while (part.find()) {
        sum = sum.plus(unit(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
      }
      // Also refuses what does not fit into a long of milliseconds, as everything later counts.
      return Duration.ofMillis(sum.toMillis());
    } catch (ArithmeticException e) {
      throw PipelineException.input("'" + text + "' is too long a duration", "Give a shorter one.");
    }
  }

  private static Duration unit(String name) {
    return switch (name) {
      case "ms" -> Duration.ofMillis(1);
      case "s" -> Duration.ofSeconds(1);
      case "m", "min" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> throw new IllegalStateException(name);
    };
  }

  /** The shortest text that {@link #parse} reads back, to the millisecond: {@code 1h30m}. */
  public static String format(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toDaysPart(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long amount, String unit) {
    if (amount != 0) {
      text.append(amount).append(unit);
    }
  }
}
