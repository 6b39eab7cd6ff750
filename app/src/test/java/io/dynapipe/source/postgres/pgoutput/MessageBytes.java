package io.dynapipe.source.postgres.pgoutput;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes messages as {@code pgoutput} does, independently of the decoder. */
final class MessageBytes {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  static MessageBytes type(char type) {
    return new MessageBytes().int8(type);
  }

  MessageBytes int8(int value) {
    bytes.write(value);
    return this;
  }

  MessageBytes int16(int value) {
    return int8(value >> 8).int8(value);
  }

  MessageBytes int32(long value) {
    return int16((int) (value >> 16)).int16((int) value);
  }

  MessageBytes int64(long value) {
    return int32(value >> 32).int32(value);
  }

  MessageBytes string(String value) {
    bytes.writeBytes(value.getBytes(StandardCharsets.UTF_8));
    return int8(0);
  }

  /** A tuple; null is NULL and {@link #UNCHANGED} is an unchanged TOAST value. */
  MessageBytes tuple(String... values) {
    int16(values.length);
    for (String value : values) {
      if (value == null) {
        int8('n');
      } else if (value.equals(UNCHANGED)) {
        int8('u');
      } else {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        int8('t').int32(utf8.length);
        bytes.writeBytes(utf8);
      }
    }
    return this;
  }

  static final String UNCHANGED = "<unchanged>";

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
