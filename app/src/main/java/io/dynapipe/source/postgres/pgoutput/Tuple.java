package io.dynapipe.source.postgres.pgoutput;

import java.util.Arrays;

/** Where the columns of one tuple lie in the message's bytes. Reused from message to message. */
final class Tuple {

  static final byte NULL = 'n';
  static final byte UNCHANGED = 'u';
  static final byte TEXT = 't';

  private byte[] bytes = {};
  private byte[] kinds = {};
  private int[] starts = {};
  private int[] lengths = {};
  private int size;

  void begin(byte[] message, int columns) {
    bytes = message;
    size = columns;
    if (kinds.length < columns) {
      kinds = new byte[columns];
      starts = new int[columns];
      lengths = new int[columns];
    }
  }

  void set(int column, byte kind, int start, int length) {
    kinds[column] = kind;
    starts[column] = start;
    lengths[column] = length;
  }

  int size() {
    return size;
  }

  byte[] bytes() {
    return bytes;
  }

  /** {@link #NULL}, {@link #UNCHANGED} or {@link #TEXT}. */
  byte kind(int column) {
    return kinds[column];
  }

  int start(int column) {
    return starts[column];
  }

  int length(int column) {
    return lengths[column];
  }

  boolean sameValue(int column, Tuple other) {
    return kinds[column] == other.kinds[column]
        && (kinds[column] != TEXT
            || Arrays.equals(
                bytes,
                starts[column],
                starts[column] + lengths[column],
                other.bytes,
                other.starts[column],
                other.starts[column] + other.lengths[column]));
  }
}
