package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Row;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * TIMESTAMP: dates and times in the wire's form ({@code 2010-11-01T00:02:00.100000Z}, {@code
 * 2018-01-02}) of the years 1 to 9999, sent as milliseconds since 1970. CrateDB cuts microseconds
 * without an error; here they make the value {@link Fit#CUT}.
 */
final class TimestampEncoder implements ValueEncoder {

  private static final long MILLIS_PER_DAY = 86_400_000L;

  @Override
  public Fit encode(JsonBuffer out, Row row, int column) {
    return row.kind(column) == ValueKind.TEXT
        ? encode(out, row.bytes(), row.start(column), row.end(column))
        : Fit.NOT;
  }

  private static Fit encode(JsonBuffer out, byte[] b, int start, int end) {
    if (end - start < 10 || b[start + 4] != '-' || b[start + 7] != '-') {
      return Fit.NOT;
    }
    int year = digits(b, start, 4);
    int month = digits(b, start + 5, 2);
    int day = digits(b, start + 8, 2);
    if (year < 1 || month < 1 || day < 1) {
      return Fit.NOT;
    }
    long millis;
    try {
      millis = LocalDate.of(year, month, day).toEpochDay() * MILLIS_PER_DAY;
    } catch (DateTimeException e) {
      return Fit.NOT;
    }
    return end - start == 10
        ? written(out, millis, false)
        : withTime(out, b, start + 10, end, millis);
  }

  private static Fit withTime(JsonBuffer out, byte[] b, int start, int end, long dayMillis) {
    boolean formed =
        end - start >= 9
            && (b[start] == 'T' || b[start] == ' ')
            && b[start + 3] == ':'
            && b[start + 6] == ':';
    int hour = formed ? digits(b, start + 1, 2) : -1;
    int minute = formed ? digits(b, start + 4, 2) : -1;
    int second = formed ? digits(b, start + 7, 2) : -1;
    if (hour < 0 || minute < 0 || second < 0 || hour > 23 || minute > 59 || second > 59) {
      return Fit.NOT;
    }
    long millis = dayMillis + ((hour * 60L + minute) * 60L + second) * 1000L;
    int i = start + 9;
    boolean cut = false;
    if (i < end && b[i] == '.') {
      int fraction = i + 1;
      i = fraction;
      int scale = 100;
      while (i < end && b[i] >= '0' && b[i] <= '9') {
        millis += (long) (b[i] - '0') * scale;
        cut |= scale == 0 && b[i] != '0';
        scale /= 10;
        i++;
      }
      if (i == fraction) {
        return Fit.NOT;
      }
    }
    boolean zone = i < end && b[i] == 'Z';
    return i + (zone ? 1 : 0) == end ? written(out, millis, cut) : Fit.NOT;
  }

  private static Fit written(JsonBuffer out, long millis, boolean cut) {
    out.number(millis);
    return cut ? Fit.CUT : Fit.EXACT;
  }

  /** The number, or -1 when a byte is no digit. */
  private static int digits(byte[] b, int start, int count) {
    int value = 0;
    for (int i = start; i < start + count; i++) {
      if (b[i] < '0' || b[i] > '9') {
        return -1;
      }
      value = value * 10 + b[i] - '0';
    }
    return value;
  }
}
