package io.dynapipe.sink.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * A growing {@code text[]} in the protocol's binary form, so that the bytes of rows become a
 * statement's parameter without strings in between, and without escapes.
 *
 * @see <a
 *     href="https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/utils/adt/arrayfuncs.c">array_send</a>
 */
final class TextArray extends PGobject implements PGBinaryObject {

  private static final long serialVersionUID = 1L;
  private static final int HEADER_BYTES = 20;
  private static final int TEXT_OID = 25;

  private byte[] bytes;
  private int size = HEADER_BYTES;
  private int elements;
  private boolean hasNull;

  TextArray(int capacity) {
    setType("_text");
    bytes = new byte[HEADER_BYTES + Math.max(capacity, 64)];
  }

  int size() {
    return elements;
  }

  void add(byte[] utf8, int offset, int length) {
    begin(length);
    System.arraycopy(utf8, offset, bytes, size, length);
    size += length;
  }

  void add(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    add(utf8, 0, utf8.length);
  }

  void addNull() {
    ensure(4);
    putInt(size, -1);
    size += 4;
    elements++;
    hasNull = true;
  }

  private void begin(int length) {
    ensure(4 + length);
    putInt(size, length);
    size += 4;
    elements++;
  }

  private void putInt(int at, int value) {
    ByteBuffer.wrap(bytes).putInt(at, value);
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      long wanted = Math.max((long) bytes.length * 2, (long) size + more);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16L));
    }
  }

  @Override
  public int lengthInBytes() {
    return size;
  }

  @Override
  public void toBytes(byte[] target, int offset) {
    putInt(0, 1); // dimensions
    putInt(4, hasNull ? 1 : 0);
    putInt(8, TEXT_OID);
    putInt(12, elements);
    putInt(16, 1); // lower bound
    System.arraycopy(bytes, 0, target, offset, size);
  }

  @Override
  public void setByteValue(byte[] value, int offset) {
    throw new UnsupportedOperationException("a text array of this kind is only sent");
  }

  /** Asked for only when the connection does not send text[] in binary, which ours always do. */
  @Override
  public @Nullable String getValue() {
    throw new IllegalStateException("the connection must send text[] in binary form");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public Object clone() throws CloneNotSupportedException {
    return super.clone();
  }
}
