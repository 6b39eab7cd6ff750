package io.dynapipe.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the fields of one protobuf message. One thread at a time.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
 */
final class ProtobufReader {

  static final int VARINT = 0;
  static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_64 = 1;
  private static final int FIXED_32 = 5;

  private final byte[] data;
  private final int end;
  private int position;
  private int field;
  private int wireType;

  ProtobufReader(byte[] data, int start, int end) {
    this.data = data;
    this.position = start;
    this.end = end;
  }

  /** Moves to the next field; its value must then be read or skipped. False at the end. */
  boolean next() throws MalformedProtobufException {
    if (position == end) {
      return false;
    }
    long tag = readVarint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    return true;
  }

  int field() {
    return field;
  }

  long varint() throws MalformedProtobufException {
    require(VARINT);
    return readVarint();
  }

  byte[] bytes() throws MalformedProtobufException {
    int length = length();
    position += length;
    return Arrays.copyOfRange(data, position - length, position);
  }

  String text() throws MalformedProtobufException {
    int length = length();
    position += length;
    return new String(data, position - length, length, StandardCharsets.UTF_8);
  }

  ProtobufReader message() throws MalformedProtobufException {
    int length = length();
    position += length;
    return new ProtobufReader(data, position - length, position);
  }

  void skip() throws MalformedProtobufException {
    switch (wireType) {
      case VARINT -> readVarint();
      case LENGTH_DELIMITED -> advance(length());
      case FIXED_64 -> advance(Long.BYTES);
      case FIXED_32 -> advance(Integer.BYTES);
      default -> throw new MalformedProtobufException("wire type " + wireType);
    }
  }

  private int length() throws MalformedProtobufException {
    require(LENGTH_DELIMITED);
    long length = readVarint();
    if (length < 0 || length > end - position) {
      throw new MalformedProtobufException("a field longer than its message");
    }
    return (int) length;
  }

  private void advance(int bytes) throws MalformedProtobufException {
    if (bytes > end - position) {
      throw new MalformedProtobufException("a field longer than its message");
    }
    position += bytes;
  }

  private void require(int type) throws MalformedProtobufException {
    if (wireType != type) {
      throw new MalformedProtobufException("field " + field + " has wire type " + wireType);
    }
  }

  private long readVarint() throws MalformedProtobufException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position == end) {
        throw new MalformedProtobufException("a number goes on behind the message");
      }
      byte next = data[position++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new MalformedProtobufException("a number of more than 64 bits");
  }
}
