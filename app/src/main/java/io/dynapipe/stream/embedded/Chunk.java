package io.dynapipe.stream.embedded;

import io.dynapipe.stream.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Records of one shard as one value: a version byte, then for each record the length and the bytes
 * of its partition key (UTF-8) and of its data. Lengths are unsigned LEB128.
 *
 * @param records how many records the payload holds
 * @param payload belongs to the chunk; nobody writes to it any more
 * @param checksum CRC-32C of the payload
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; it is handed on, never copied
record Chunk(int records, byte[] payload, int checksum) {

  static final byte VERSION = 1;

  static Chunk encode(List<StreamRecord> records) {
    int size = 1;
    for (StreamRecord record : records) {
      int key = utf8Length(record.partitionKey());
      int data = record.data().length;
      size = Math.addExact(size, varintLength(key) + key + varintLength(data) + data);
    }
    byte[] payload = new byte[size];
    payload[0] = VERSION;
    int at = 1;
    for (StreamRecord record : records) {
      at = putKey(payload, at, record.partitionKey());
      at = putVarint(payload, at, record.data().length);
      System.arraycopy(record.data(), 0, payload, at, record.data().length);
      at += record.data().length;
    }
    return new Chunk(records.size(), payload, checksum(payload));
  }

  static int checksum(byte[] payload) {
    CRC32C checksum = new CRC32C();
    checksum.update(payload, 0, payload.length);
    return (int) checksum.getValue();
  }

  private static int putKey(byte[] payload, int start, String key) {
    int length = key.length();
    int at = putVarint(payload, start, length);
    for (int i = 0; i < length; i++) {
      char character = key.charAt(i);
      if (character >= 0x80) {
        return putBytes(payload, start, key.getBytes(StandardCharsets.UTF_8));
      }
      payload[at + i] = (byte) character;
    }
    return at + length;
  }

  private static int putBytes(byte[] payload, int start, byte[] bytes) {
    int at = putVarint(payload, start, bytes.length);
    System.arraycopy(bytes, 0, payload, at, bytes.length);
    return at + bytes.length;
  }

  private static int putVarint(byte[] payload, int start, int value) {
    int at = start;
    int rest = value;
    for (; rest > 0x7F; rest >>>= 7) {
      payload[at++] = (byte) (rest | 0x80);
    }
    payload[at++] = (byte) rest;
    return at;
  }

  private static int varintLength(int value) {
    int length = 1;
    for (int rest = value; rest > 0x7F; rest >>>= 7) {
      length++;
    }
    return length;
  }

  private static int utf8Length(String key) {
    for (int i = 0; i < key.length(); i++) {
      if (key.charAt(i) >= 0x80) {
        return key.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return key.length();
  }
}
