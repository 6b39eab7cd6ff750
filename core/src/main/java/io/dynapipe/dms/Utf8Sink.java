package io.dynapipe.dms;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;

/**
 * Takes the parser's characters as UTF-8, piece by piece, so that a large value never is a string.
 * One thread at a time.
 */
final class Utf8Sink extends Writer {

  private static final int KEPT_CAPACITY = 1 << 20;

  private byte[] bytes = new byte[1024];
  private int size;
  private char high;

  /** Forgets the content; memory that one large value took is given back. */
  void reset() {
    size = 0;
    high = 0;
    if (bytes.length > KEPT_CAPACITY) {
      bytes = new byte[1024];
    }
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /**
   * Appends the text of the parser's string, name or number.
   *
   * @throws Malformed when the text holds half of a surrogate pair, which no UTF-8 can say
   */
  void append(JsonParser parser) throws IOException {
    parser.getText(this);
    if (high != 0) {
      throw unpaired();
    }
  }

  @Override
  public void write(char[] chars, int offset, int length) {
    ensure(3L * length);
    byte[] out = bytes;
    int to = size;
    for (int i = offset; i < offset + length; i++) {
      char c = chars[i];
      if (c < 0x80 && high == 0) {
        out[to++] = (byte) c;
      } else {
        to = writeWide(c, out, to);
      }
    }
    size = to;
  }

  private int writeWide(char c, byte[] out, int offset) {
    int to = offset;
    if (high != 0) {
      if (!Character.isLowSurrogate(c)) {
        throw unpaired();
      }
      int codePoint = Character.toCodePoint(high, c);
      high = 0;
      out[to++] = (byte) (0xF0 | (codePoint >> 18));
      out[to++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
      out[to++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
      out[to++] = (byte) (0x80 | (codePoint & 0x3F));
    } else if (Character.isHighSurrogate(c)) {
      high = c;
    } else if (Character.isLowSurrogate(c)) {
      throw unpaired();
    } else if (c < 0x800) {
      out[to++] = (byte) (0xC0 | (c >> 6));
      out[to++] = (byte) (0x80 | (c & 0x3F));
    } else {
      out[to++] = (byte) (0xE0 | (c >> 12));
      out[to++] = (byte) (0x80 | ((c >> 6) & 0x3F));
      out[to++] = (byte) (0x80 | (c & 0x3F));
    }
    return to;
  }

  /** Room for the pair's first half too, which was left out before. */
  private void ensure(long more) {
    long wanted = size + more + 4;
    if (wanted > bytes.length) {
      long grown = Math.max(2L * bytes.length, wanted);
      bytes = Arrays.copyOf(bytes, (int) Math.min(grown, Integer.MAX_VALUE - 16L));
    }
  }

  private static Malformed unpaired() {
    return new Malformed("a text holds half of a surrogate pair, which is not valid Unicode");
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
