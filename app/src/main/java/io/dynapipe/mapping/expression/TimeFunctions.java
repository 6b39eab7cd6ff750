package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Function.Kind;
import io.dynapipe.mapping.expression.Value.Real;
import io.dynapipe.mapping.expression.Value.Special;
import io.dynapipe.mapping.expression.Value.Text;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's date and time functions, in UTC. What cannot be read as a time gives NULL.
 *
 * @see <a href="https://www.sqlite.org/lang_datefunc.html">Date and time functions</a>
 */
final class TimeFunctions {

  private TimeFunctions() {}

  static List<Function> all() {
    return List.of(
        formatted("date", "%Y-%m-%d"),
        formatted("time", "%H:%M:%S"),
        formatted("datetime", "%Y-%m-%d %H:%M:%S"),
        timed("julianday", 0, (time, a) -> Real.of(TimeText.julianDay(time))),
        timed("strftime", 1, (time, a) -> new Text(format(Texts.of(a.get(0)), time))));
  }

  private static Function formatted(String name, String format) {
    return timed(name, 0, (time, arguments) -> new Text(format(format, time)));
  }

  /**
   * A function of a time.
   *
   * @param before how many arguments come before the time
   */
  private static Function timed(
      String name, int before, BiFunction<LocalDateTime, List<Value>, Value> body) {
    return new Function(
        name,
        before,
        before + 10,
        Kind.TIME,
        (arguments, scope) -> {
          if (arguments.contains(Special.NULL)) {
            return Special.NULL;
          }
          LocalDateTime time = time(arguments.subList(before, arguments.size()), scope);
          return time == null || time.getYear() < 0 || time.getYear() > 9999
              ? Special.NULL
              : body.apply(time, arguments);
        });
  }

  private static @Nullable LocalDateTime time(List<Value> arguments, Scope scope) {
    boolean unix =
        arguments.size() > 1 && Texts.of(arguments.get(1)).strip().equalsIgnoreCase("unixepoch");
    LocalDateTime time =
        arguments.isEmpty()
            ? TimeText.ofMicros(scope.nowMicros())
            : TimeText.parse(arguments.get(0), unix, scope.nowMicros());
    for (int i = unix ? 2 : 1; time != null && i < arguments.size(); i++) {
      time = TimeModifier.apply(Texts.of(arguments.get(i)).strip().toLowerCase(Locale.ROOT), time);
    }
    return time;
  }

  private static String format(String format, LocalDateTime time) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        text.append(c);
      } else if (++i < format.length()) {
        text.append(field(format.charAt(i), time));
      } else {
        throw new IllegalArgumentException("strftime format '" + format + "' ends in a single %");
      }
    }
    return text.toString();
  }

  private static String field(char letter, LocalDateTime time) {
    return switch (letter) {
      case 'd' -> padded(2, time.getDayOfMonth());
      case 'f' -> padded(2, time.getSecond()) + "." + padded(3, time.getNano() / 1_000_000);
      case 'H' -> padded(2, time.getHour());
      case 'j' -> padded(3, time.getDayOfYear());
      case 'J' -> Texts.of(Real.of(TimeText.julianDay(time)));
      case 'm' -> padded(2, time.getMonthValue());
      case 'M' -> padded(2, time.getMinute());
      case 's' -> String.valueOf(TimeText.epochSecond(time));
      case 'S' -> padded(2, time.getSecond());
      case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
      case 'W' -> padded(2, (time.getDayOfYear() + 7 - time.getDayOfWeek().getValue()) / 7);
      case 'Y' -> padded(4, time.getYear());
      case '%' -> "%";
      default -> throw new IllegalArgumentException("strftime does not support %" + letter);
    };
  }

  private static String padded(int digits, int number) {
    return String.format("%0" + digits + "d", number);
  }
}
