package io.dynapipe.stream.embedded;

import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Goes through the records of a stored chunk. One thread at a time. */
final class ChunkCursor {

  /** The payload is not what was written. */
  static final class DamagedChunkException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedChunkException(String message) {
      super(message);
    }
  }

  private final String shard;
  private final byte[] payload;
  private final long lastSequence;
  private final long arrivalMillis;

  private long nextSequence;
  private int recordStart;
  private int keyStart;
  private int keyEnd;
  private int dataStart;
  private int dataEnd;

  /** Begins with the chunk's first record. */
  ChunkCursor(
      String shard, long firstSequence, long lastSequence, long arrivalMillis, byte[] payload) {
    this.shard = shard;
    this.payload = payload;
    this.nextSequence = firstSequence;
    this.lastSequence = lastSequence;
    this.arrivalMillis = arrivalMillis;
    this.recordStart = 1;
  }

  /** Compares payload and checksum, and finds the first record. Called once, before all others. */
  void open(int checksum) throws DamagedChunkException {
    if (payload.length == 0 || Chunk.checksum(payload) != checksum) {
      throw new DamagedChunkException("the checksum of a chunk is wrong");
    }
    if (payload[0] != Chunk.VERSION) {
      throw new DamagedChunkException("a chunk has the unknown version " + payload[0]);
    }
    locate();
  }

  boolean hasNext() {
    return nextSequence <= lastSequence;
  }

  /** Sequence number of the record that comes next. */
  long nextSequence() {
    return nextSequence;
  }

  /** Bytes of key and data of the record that comes next. */
  int nextBytes() {
    return keyEnd - keyStart + dataEnd - dataStart;
  }

  StoredRecord next() throws DamagedChunkException {
    String key = new String(payload, keyStart, keyEnd - keyStart, StandardCharsets.UTF_8);
    byte[] data = Arrays.copyOfRange(payload, dataStart, dataEnd);
    StoredRecord record =
        new StoredRecord(shard, SequenceNumber.of(nextSequence), key, data, arrivalMillis);
    advance();
    return record;
  }

  /** Goes on to the record with this number; one that lies behind stays behind. */
  void skipTo(long sequence) throws DamagedChunkException {
    while (hasNext() && nextSequence < sequence) {
      advance();
    }
  }

  private void advance() throws DamagedChunkException {
    recordStart = dataEnd;
    nextSequence++;
    locate();
  }

  /** Finds where key and data of the next record lie. */
  private void locate() throws DamagedChunkException {
    if (!hasNext()) {
      return;
    }
    try {
      int at = recordStart;
      int length = varint(at);
      keyStart = at + varintBytes(at);
      keyEnd = Math.addExact(keyStart, length);
      length = varint(keyEnd);
      dataStart = keyEnd + varintBytes(keyEnd);
      dataEnd = Math.addExact(dataStart, length);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      dataEnd = Integer.MAX_VALUE;
    }
    if (dataEnd > payload.length) {
      throw new DamagedChunkException("a chunk holds fewer records than it says");
    }
  }

  private int varint(int start) {
    int value = 0;
    for (int i = 0; i < 5; i++) {
      byte octet = payload[start + i];
      value |= (octet & 0x7F) << (7 * i);
      if (octet >= 0 && value >= 0) {
        return value;
      }
    }
    throw new ArithmeticException("length of more than 31 bits");
  }

  private int varintBytes(int start) {
    int end = start;
    while (payload[end] < 0) {
      end++;
    }
    return end - start + 1;
  }
}
