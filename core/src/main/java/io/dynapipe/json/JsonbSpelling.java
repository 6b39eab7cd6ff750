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

  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  /** Beyond this nesting a text counts as spelled otherwise: what is deeper is rare. */
  private static final int MAX_DEPTH = 1_000;

  /** So deep a document keeps to the limits of every parser. */
  private static final int SURE_DEPTH = 100;

  /** As many digits fit 64 bits whatever they are. */
  private static final int SURE_DIGITS = 18;

  /** What jsonb writes behind a backslash. */
  private static final String ESCAPED = "\"\\bfnrt";

  private final byte[] bytes;
  private final int end;
  private int at;
  private int depth;

  /** Whether all so far was ASCII, without control characters and decimals, and no long number. */
  private boolean plain = true;

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

  /**
   * Whether a text is certainly a valid JSON object spelled so, each of its members with a name of
   * its own, in ASCII, and all numbers integers of 64 bits, nested no deeper than a hundred. A
   * quick look that passes most documents; false tells nothing.
   */
  public static boolean isPlainObject(byte[] bytes, int start, int length) {
    JsonbSpelling text = new JsonbSpelling(bytes, start, start + length);
    return text.peek() == '{' && text.value() && text.at == text.end && text.plain;
  }

  private boolean value() {
    return switch (peek()) {
      case '{' -> nested(true);
      case '[' -> nested(false);
      case '"' -> string();
      case 't' -> word(TRUE);
      case 'f' -> word(FALSE);
      case 'n' -> word(NULL);
      default -> number();
    };
  }

  private boolean nested(boolean object) {
    plain &= depth < SURE_DEPTH;
    boolean matches = ++depth <= MAX_DEPTH && (object ? object() : array());
    depth--;
    return matches;
  }

  private byte peek() {
    return at < end ? bytes[at] : 0;
  }

  private boolean word(byte[] word) {
    int from = at;
    at += word.length;
    return at <= end && Arrays.equals(bytes, from, at, word, 0, word.length);
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
      byte b = bytes[at];
      if (b == '"') {
        at++;
        return true;
      }
      // Below a blank are control characters and, since bytes are signed, all beyond ASCII.
      plain &= b >= ' ';
      if (b == '\\') {
        at++;
        if (peek() == 'u' || peek() == '/') {
          return false;
        }
        plain &= ESCAPED.indexOf(peek()) >= 0;
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
    plain &= !point && isSureInteger(first, at);
    return at > first && !needlessZero && peek() != 'e' && peek() != 'E' && peek() != '+';
  }

  private boolean isSureInteger(int from, int to) {
    int digits = bytes[from] == '-' ? from + 1 : from;
    for (int i = digits; i < to; i++) {
      if (!isDigit(bytes[i])) {
        return false;
      }
    }
    // 0 stands alone; -0 would lose its sign.
    boolean zero = digits < to && bytes[digits] == '0';
    return digits < to && to - digits <= SURE_DIGITS && (!zero || to - from == 1);
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
