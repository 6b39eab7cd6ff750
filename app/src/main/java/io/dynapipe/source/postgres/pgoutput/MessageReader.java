package io.dynapipe.source.postgres.pgoutput;

import java.nio.charset.StandardCharsets;

/** Reads the parts of a message, one after another, in network byte order. */
final class MessageReader {

  private byte[] bytes = {};
  private int at;
  private int end;

  void begin(byte[] message, int offset, int length) {
    bytes = message;
    at = offset;
    end = offset + length;
  }

  byte[] bytes() {
    return bytes;
  }

  int at() {
    return at;
  }

  /**
   * Passes over some bytes.
   *
   * @throws IndexOutOfBoundsException when the message ends before
   */
  int skip(int length) {
    int start = at;
    if (length < 0 || length > end - at) {
      throw new IndexOutOfBoundsException(at);
    }
    at += length;
    return start;
  }

  int int8() {
    return bytes[skip(1)] & 0xFF;
  }

  int int16() {
    return int8() << 8 | int8();
  }

  int int32() {
    return int16() << 16 | int16();
  }

  long uint32() {
    return int32() & 0xFFFF_FFFFL;
  }

  long int64() {
    return (long) int32() << 32 | uint32();
  }

  /** A text whose length, with a zero at its end, has been read before. */
  String text(int length) {
    return new String(bytes, skip(length), length - 1, StandardCharsets.UTF_8);
  }
}
