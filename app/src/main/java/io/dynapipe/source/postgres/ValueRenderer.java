package io.dynapipe.source.postgres;

import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.ValueKind;
import java.nio.charset.StandardCharsets;

/**
 * Writes the server's text of a value as an event's value, bytes to bytes. The same for COPY and
 * for {@code pgoutput}, so that full load and CDC never differ in form.
 *
 * <p>Expects the session that {@link PostgresConnections} sets up. What has no form in AWS DMS's
 * canonical text stays as PostgreSQL prints it: NaN and infinities, dates before Christ.
 */
public final class ValueRenderer {

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.ISO_8859_1);
  private static final int SECONDS_END = ":00:00".length();
  private static final int MICRO_DIGITS = 6;

  private ValueRenderer() {}

  /** Adds one value as the builder's next column. */
  public static void render(
      ValueFormat format, byte[] text, int offset, int length, RowBuilder row) {
    switch (format) {
      case TEXT -> row.add(ValueKind.TEXT, text, offset, length);
      case INTEGER -> row.add(ValueKind.NUMBER, text, offset, length);
      case NUMBER -> row.add(numberKind(text, offset, length), text, offset, length);
      case BOOLEAN -> bool(text, offset, row);
      case BLANK_TRIMMED -> row.add(ValueKind.TEXT, text, offset, trimmed(text, offset, length));
      case TIMESTAMP -> timestamp(text, offset, length, length, row);
      case TIMESTAMPTZ -> timestamp(text, offset, length, withoutOffset(text, offset, length), row);
      case BYTEA -> bytea(text, offset, length, row);
      case EWKT -> Ewkt.render(text, offset, length, row);
    }
  }

  /** NaN, Infinity and -Infinity are no JSON numbers; all else that PostgreSQL prints is one. */
  private static ValueKind numberKind(byte[] text, int offset, int length) {
    byte last = text[offset + length - 1];
    return last >= '0' && last <= '9' ? ValueKind.NUMBER : ValueKind.TEXT;
  }

  private static void bool(byte[] text, int offset, RowBuilder row) {
    byte[] word = text[offset] == 't' ? TRUE : FALSE;
    row.add(ValueKind.BOOLEAN, word, 0, word.length);
  }

  private static int trimmed(byte[] text, int offset, int length) {
    int end = length;
    while (end > 0 && text[offset + end - 1] == ' ') {
      end--;
    }
    return end;
  }

  /** The length without {@code +00}, or -1 when the text ends otherwise (infinity, BC). */
  private static int withoutOffset(byte[] text, int offset, int length) {
    int end = offset + length;
    boolean utc =
        length > 3 && text[end - 3] == '+' && text[end - 2] == '0' && text[end - 1] == '0';
    return utc ? length - 3 : -1;
  }

  /**
   * Puts T for the blank, fills a fraction up to six digits, adds Z.
   *
   * @param stamp how much of the text is date and time; -1 when it is something else
   */
  private static void timestamp(byte[] text, int offset, int length, int stamp, RowBuilder row) {
    int blank = stamp < 0 ? -1 : dateEnd(text, offset, stamp);
    int seconds = blank + 3 + SECONDS_END;
    if (blank < 0 || seconds > stamp || text[offset + stamp - 1] == 'C') {
      row.add(ValueKind.TEXT, text, offset, length);
      return;
    }
    row.append(text, offset, blank).append('T');
    row.append(text, offset + blank + 1, stamp - blank - 1);
    if (stamp > seconds) {
      for (int digits = stamp - seconds - 1; digits < MICRO_DIGITS; digits++) {
        row.append('0');
      }
    }
    row.append('Z').endValue(ValueKind.TEXT);
  }

  /** Position of the blank between date and time, or -1; years may have more than four digits. */
  private static int dateEnd(byte[] text, int offset, int length) {
    for (int i = "2010-11-01".length(); i < length; i++) {
      if (text[offset + i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  private static void bytea(byte[] text, int offset, int length, RowBuilder row) {
    row.append('0').append(text, offset + 1, length - 1).endValue(ValueKind.TEXT);
  }
}
