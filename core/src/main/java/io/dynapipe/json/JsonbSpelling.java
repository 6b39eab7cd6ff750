package io.dynapipe.json;

import java.util.Arrays;

/**
 * Tells whether a JSON text is spelled as PostgreSQL spells jsonb: one blank after each colon and
 * comma and none elsewhere, members ordered by length and then bytes, no needless escape, zero or
 * exponent. Such a text can be made again from the document alone; of another one, the spelling
 * would be lost.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-json.html">JSON types</a>
 */
public final class JsonbSpelling {

  /** Beyond this nesting a text counts as spelled otherwise: what is deeper is rare. */
  private static final int MAX_DEPTH = 1_000;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int depth;

  private JsonbSpelling(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** Whether valid JSON is spelled so. */
  public static boolean matches(byte[] bytes, int start, int length) {
    JsonbSpelling text = new JsonbSpelling(bytes, start, start + length);
    return text.value() && text.at == text.end;
  }

  private boolean value() {
    return switch (peek()) {
      case '{' -> nested(true);
      case '[' -> nested(false);
      case '"' -> string();
      case 't', 'n' -> word(4);
      case 'f' -> word(5);
      default -> number();
    };
  }

  private boolean nested(boolean object) {
    boolean matches = ++depth <= MAX_DEPTH && (object ? object() : array());
    depth--;
    return matches;
  }

  private byte peek() {
    return at < end ? bytes[at] : 0;
  }

  private boolean word(int length) {
    at += length;
    return at <= end;
  }

  private boolean separator(char sign) {
    boolean matches = at + 1 < end && bytes[at] == sign && bytes[at + 1] == ' ';
    at += 2;
    return matches;
  }

  private boolean object() {
    at++;
    int lastStart = -1;
    int lastEnd = -1;
    while (peek() != '}') {
      if (lastStart >= 0 && !separator(',')) {
        return false;
      }
      int keyStart = at + 1;
      if (peek() != '"' || !string()) {
        return false;
      }
      int keyEnd = at - 1;
      if (lastStart >= 0 && !before(lastStart, lastEnd, keyStart, keyEnd)) {
        return false;
      }
      lastStart = keyStart;
      lastEnd = keyEnd;
      if (!separator(':') || !value()) {
        return false;
      }
    }
    at++;
    return true;
  }

  private boolean before(int leftStart, int leftEnd, int rightStart, int rightEnd) {
    int byLength = Integer.compare(leftEnd - leftStart, rightEnd - rightStart);
    return byLength != 0
        ? byLength < 0
        : Arrays.compareUnsigned(bytes, leftStart, leftEnd, bytes, rightStart, rightEnd) < 0;
  }

  private boolean array() {
    at++;
    boolean first = true;
    while (peek() != ']') {
      if ((!first && !separator(',')) || !value()) {
        return false;
      }
      first = false;
    }
    at++;
    return true;
  }

  private boolean string() {
    for (at++; at < end; at++) {
      if (bytes[at] == '"') {
        at++;
        return true;
      }
      if (bytes[at] == '\\') {
        at++;
        if (peek() == 'u' || peek() == '/') {
          return false;
        }
      }
    }
    return false;
  }

  private boolean number() {
    int first = at;
    boolean point = false;
    while (at < end && (bytes[at] == '-' || bytes[at] == '.' || isDigit(bytes[at]))) {
      point |= bytes[at] == '.';
      at++;
    }
    boolean needlessZero = point && bytes[at - 1] == '0';
    return at > first && !needlessZero && peek() != 'e' && peek() != 'E' && peek() != '+';
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
