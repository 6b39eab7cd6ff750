package io.dynapipe.mapping.transform;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as events write them, from the forms that DMS takes: {@code YYYY-MM-DD HH:MM:SS},
 * with colons in the date, too, with T, a fraction, Z or an offset. Null for everything else.
 */
final class Moments {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(\\d{4})[-:](\\d\\d)[-:](\\d\\d))?(?:(?:^|[ T])"
              + "(\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d{1,6}))?)?(Z|[+-]\\d\\d(?::?\\d\\d)?)?)?");

  private Moments() {}

  static @Nullable String date(String text) {
    Matcher form = matched(text);
    if (form == null || form.group(1) == null) {
      return null;
    }
    try {
      return String.valueOf(localDate(form));
    } catch (DateTimeException e) {
      return null;
    }
  }

  static @Nullable String time(String text) {
    Matcher form = matched(text);
    if (form == null || form.group(4) == null) {
      return null;
    }
    try {
      return clock(localTime(form));
    } catch (DateTimeException e) {
      return null;
    }
  }

  static @Nullable String timestamp(String text) {
    Matcher form = matched(text);
    if (form == null || form.group(1) == null) {
      return null;
    }
    try {
      LocalTime time = form.group(4) == null ? LocalTime.MIDNIGHT : localTime(form);
      LocalDateTime moment =
          localDate(form).atTime(time).minusMinutes(offsetMinutes(form.group(8)));
      return moment.toLocalDate() + "T" + clock(moment.toLocalTime()) + "Z";
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The form that events have, for microseconds since 1970. */
  static String timestamp(long micros) {
    LocalDateTime moment =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L),
            (int) Math.floorMod(micros, 1_000_000L) * 1_000,
            ZoneOffset.UTC);
    return moment.toLocalDate() + "T" + clock(moment.toLocalTime()) + "Z";
  }

  /** Seconds always; six digits of a fraction or none. */
  private static String clock(LocalTime time) {
    String seconds =
        String.format(
            Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
    return time.getNano() == 0
        ? seconds
        : seconds + String.format(Locale.ROOT, ".%06d", time.getNano() / 1_000);
  }

  private static LocalDate localDate(Matcher form) {
    return LocalDate.of(number(form.group(1)), number(form.group(2)), number(form.group(3)));
  }

  private static LocalTime localTime(Matcher form) {
    String fraction = form.group(7) == null ? "" : form.group(7);
    return LocalTime.of(
        number(form.group(4)),
        number(form.group(5)),
        form.group(6) == null ? 0 : number(form.group(6)),
        number((fraction + "000000").substring(0, 6)) * 1_000);
  }

  private static long offsetMinutes(@Nullable String offset) {
    if (offset == null || offset.equals("Z")) {
      return 0;
    }
    String digits = offset.substring(1).replace(":", "");
    long minutes =
        number(digits.substring(0, 2)) * 60L
            + (digits.length() > 2 ? number(digits.substring(2)) : 0);
    return offset.charAt(0) == '-' ? -minutes : minutes;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }

  private static @Nullable Matcher matched(String text) {
    Matcher form = FORM.matcher(text.strip());
    return form.matches() ? form : null;
  }
}
