package io.dynapipe.dms;

import io.dynapipe.json.JsonBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Writes {@code "2024-07-29T00:57:35.691762Z"}. Events come in the order of time, so the last
 * second is kept and most calls only write six digits. One thread at a time.
 */
final class TimestampWriter {

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long FIRST_SECOND =
      LocalDateTime.of(0, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
  private static final long END_SECOND =
      LocalDateTime.of(10_000, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);

  /** With quotes. */
  private final byte[] text =
      "\"0000-00-00T00:00:00.000000Z\"".getBytes(StandardCharsets.ISO_8859_1);

  private long second = Long.MIN_VALUE;

  /**
   * A quoted timestamp, always with six digits of fraction.
   *
   * @param micros since 1970-01-01T00:00:00Z; years beyond 9999 get ISO 8601's sign
   */
  void write(long micros, JsonBuffer out) {
    long newSecond = Math.floorDiv(micros, MICROS_PER_SECOND);
    int fraction = (int) Math.floorMod(micros, MICROS_PER_SECOND);
    if (newSecond < FIRST_SECOND || newSecond >= END_SECOND) {
      out.raw('"').raw(Instant.ofEpochSecond(newSecond, fraction * 1000L).toString()).raw('"');
      return;
    }
    if (newSecond != second) {
      second = newSecond;
      writeSecond(LocalDateTime.ofEpochSecond(newSecond, 0, ZoneOffset.UTC));
    }
    digits(fraction, 21, 6);
    out.raw(text);
  }

  private void writeSecond(LocalDateTime time) {
    digits(time.getYear(), 1, 4);
    digits(time.getMonthValue(), 6, 2);
    digits(time.getDayOfMonth(), 9, 2);
    digits(time.getHour(), 12, 2);
    digits(time.getMinute(), 15, 2);
    digits(time.getSecond(), 18, 2);
  }

  private void digits(int value, int offset, int count) {
    int rest = value;
    for (int i = offset + count - 1; i >= offset; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
