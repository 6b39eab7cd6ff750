package io.dynapipe.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer of UTF-8 JSON. Knows how to escape; the caller places commas and brackets, since
 * on the hot path most of them are part of prepared bytes. One thread at a time.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259#section-7">RFC 8259, strings</a>
 */
public final class JsonBuffer {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

  /** For each byte: 0 as it is, 'u' as a unicode escape, else the letter after the backslash. */
  private static final byte[] ESCAPE = new byte[256];

  static {
    Arrays.fill(ESCAPE, 0, 0x20, (byte) 'u');
    ESCAPE['"'] = '"';
    ESCAPE['\\'] = '\\';
    ESCAPE['\n'] = 'n';
    ESCAPE['\r'] = 'r';
    ESCAPE['\t'] = 't';
    ESCAPE['\b'] = 'b';
    ESCAPE['\f'] = 'f';
  }

  private byte[] bytes;
  private int size;

  public JsonBuffer(int capacity) {
    bytes = new byte[Math.max(capacity, 64)];
  }

  public int size() {
    return size;
  }

  /** Forgets the content, keeps the memory. */
  public JsonBuffer clear() {
    size = 0;
    return this;
  }

  /** Drops what was written after this size. */
  public JsonBuffer truncate(int newSize) {
    size = Math.min(size, newSize);
    return this;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** The backing array, valid up to {@link #size} until the next write. */
  public byte[] array() {
    return bytes;
  }

  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  /** Bytes that are JSON already. */
  public JsonBuffer raw(byte[] json) {
    return raw(json, 0, json.length);
  }

  /** Bytes that are JSON already. */
  public JsonBuffer raw(byte[] json, int offset, int length) {
    ensure(length);
    System.arraycopy(json, offset, bytes, size, length);
    size += length;
    return this;
  }

  /** ASCII text that is JSON already. */
  public JsonBuffer raw(String ascii) {
    int length = ascii.length();
    ensure(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  public JsonBuffer raw(char ascii) {
    ensure(1);
    bytes[size++] = (byte) ascii;
    return this;
  }

  public JsonBuffer number(long value) {
    return raw(Long.toString(value));
  }

  /** A string, quoted and escaped. */
  public JsonBuffer string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return string(utf8, 0, utf8.length);
  }

  /** A string of UTF-8 bytes, quoted and escaped. */
  public JsonBuffer string(byte[] utf8, int offset, int length) {
    raw('"');
    escaped(utf8, offset, length);
    return raw('"');
  }

  /** UTF-8 bytes, escaped but without quotes: a piece of a string. */
  public JsonBuffer escaped(byte[] utf8, int offset, int length) {
    ensure(length);
    int from = offset;
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      byte escape = ESCAPE[utf8[i] & 0xFF];
      if (escape != 0) {
        raw(utf8, from, i - from);
        escape(utf8[i], escape);
        from = i + 1;
      }
    }
    return raw(utf8, from, end - from);
  }

  private void escape(byte value, byte escape) {
    ensure(6);
    bytes[size++] = '\\';
    bytes[size++] = escape;
    if (escape == 'u') {
      bytes[size++] = '0';
      bytes[size++] = '0';
      bytes[size++] = HEX[value >> 4];
      bytes[size++] = HEX[value & 0xF];
    }
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      long wanted = Math.max((long) bytes.length * 2, (long) size + more);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16L));
    }
  }
}
