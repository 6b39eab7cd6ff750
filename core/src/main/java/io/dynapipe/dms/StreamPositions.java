package io.dynapipe.dms;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * Reads stream positions in exactly the form that is written for PostgreSQL sources, so that one in
 * any other form can be kept as it is.
 */
final class StreamPositions {

  private StreamPositions() {}

  /** Null when the text has another form. */
  static @Nullable StreamPosition parse(String text) {
    int second = text.length() - 17;
    boolean framed =
        second >= 20
            && second <= 23
            && text.charAt(17) == '.'
            && text.charAt(second - 1) == '.'
            && isMarker(text, 18, second - 1);
    if (!framed || !isLsn(text, 0) || !isLsn(text, second)) {
      return null;
    }
    return new StreamPosition(
        lsn(text, 0), Integer.parseInt(text, 18, second - 1, 10), lsn(text, second));
  }

  private static boolean isMarker(String text, int start, int end) {
    boolean valid = end > start && (text.charAt(start) != '0' || end == start + 1);
    for (int i = start; valid && i < end; i++) {
      valid = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return valid;
  }

  private static boolean isLsn(String text, int start) {
    boolean valid = true;
    for (int i = 0; valid && i < 17; i++) {
      char c = text.charAt(start + i);
      valid = i == 8 ? c == '/' : isUpperHex(c);
    }
    return valid;
  }

  private static boolean isUpperHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
  }

  private static Lsn lsn(String text, int start) {
    long high = Long.parseLong(text, start, start + 8, 16);
    long low = Long.parseLong(text, start + 9, start + 17, 16);
    return new Lsn(high << 32 | low);
  }
}
