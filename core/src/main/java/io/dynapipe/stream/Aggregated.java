package io.dynapipe.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Many records in one Kinesis record, in the framing of the Kinesis Producer Library: four magic
 * bytes, a protobuf message, and the MD5 of that message. Written by hand, because the Lambda
 * function has no room for protobuf's library.
 *
 * @see <a
 *     href="https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md">KPL
 *     Aggregated Record Format</a>
 */
public final class Aggregated {

  /** Most bytes that framing adds to a record, beside its key and its data. */
  public static final int RECORD_OVERHEAD = 32;

  /** Most bytes that framing adds once. */
  public static final int FRAME_OVERHEAD = 64;

  private static final byte[] MAGIC = {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2};
  private static final int DIGEST_BYTES = 16;

  private static final int PARTITION_KEYS = 1;
  private static final int HASH_KEYS = 2;
  private static final int RECORDS = 3;
  private static final int KEY_INDEX = 1;
  private static final int HASH_KEY_INDEX = 2;
  private static final int DATA = 3;

  private Aggregated() {}

  /**
   * The records in a Kinesis record, in their order; itself alone when it is not aggregated, which
   * is also the case when its digest is wrong. All bear the sequence number of the whole, each with
   * its part's: a checkpoint must not name it before the last of them is handled.
   */
  public static List<StoredRecord> records(StoredRecord stored) {
    byte[] data = stored.data();
    if (!isAggregated(data)) {
      return List.of(stored);
    }
    try {
      return parse(stored);
    } catch (MalformedProtobufException e) {
      // The digest is right, so it was written like this: whoever decodes it says what is wrong.
      return List.of(stored);
    }
  }

  /** Whether these bytes have the framing, digest included. */
  public static boolean isAggregated(byte[] data) {
    int end = data.length - DIGEST_BYTES;
    if (end < MAGIC.length || !Arrays.equals(data, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return false;
    }
    MessageDigest md5 = md5();
    md5.update(data, MAGIC.length, end - MAGIC.length);
    return Arrays.equals(md5.digest(), 0, DIGEST_BYTES, data, end, data.length);
  }

  /**
   * Frames records.
   *
   * @param hashKey the decimal hash key by which the whole is routed; readers that compare each
   *     record's hash with the range of its shard, as the Kinesis Client Library does, take this
   *     instead of the partition key's
   */
  public static byte[] frame(List<StreamRecord> records, String hashKey) {
    Map<String, Integer> keys = new LinkedHashMap<>();
    for (StreamRecord record : records) {
      keys.putIfAbsent(record.partitionKey(), keys.size());
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream(estimate(records));
    message.writeBytes(MAGIC);
    for (String key : keys.keySet()) {
      writeBytes(message, PARTITION_KEYS, key.getBytes(StandardCharsets.UTF_8));
    }
    writeBytes(message, HASH_KEYS, hashKey.getBytes(StandardCharsets.US_ASCII));
    for (StreamRecord record : records) {
      Integer key = keys.get(record.partitionKey());
      writeRecord(message, key == null ? 0 : key, record.data());
    }
    byte[] framed = message.toByteArray();
    MessageDigest md5 = md5();
    md5.update(framed, MAGIC.length, framed.length - MAGIC.length);
    message.writeBytes(md5.digest());
    return message.toByteArray();
  }

  private static int estimate(List<StreamRecord> records) {
    int bytes = FRAME_OVERHEAD;
    for (StreamRecord record : records) {
      bytes += record.byteSize() + RECORD_OVERHEAD;
    }
    return bytes;
  }

  private static void writeRecord(ByteArrayOutputStream out, int key, byte[] data) {
    int length = 1 + varintSize(key) + 2 + 1 + varintSize(data.length) + data.length;
    writeVarint(out, RECORDS << 3 | ProtobufReader.LENGTH_DELIMITED);
    writeVarint(out, length);
    writeVarint(out, KEY_INDEX << 3 | ProtobufReader.VARINT);
    writeVarint(out, key);
    writeVarint(out, HASH_KEY_INDEX << 3 | ProtobufReader.VARINT);
    writeVarint(out, 0);
    writeBytes(out, DATA, data);
  }

  private static void writeBytes(ByteArrayOutputStream out, int field, byte[] bytes) {
    writeVarint(out, field << 3 | ProtobufReader.LENGTH_DELIMITED);
    writeVarint(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void writeVarint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest > 0x7F) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private static int varintSize(int value) {
    int size = 1;
    for (int rest = value >>> 7; rest > 0; rest >>>= 7) {
      size++;
    }
    return size;
  }

  private static List<StoredRecord> parse(StoredRecord stored) throws MalformedProtobufException {
    byte[] data = stored.data();
    ProtobufReader message = new ProtobufReader(data, MAGIC.length, data.length - DIGEST_BYTES);
    List<String> keys = new ArrayList<>();
    List<ProtobufReader> parts = new ArrayList<>();
    while (message.next()) {
      switch (message.field()) {
        case PARTITION_KEYS -> keys.add(message.text());
        case RECORDS -> parts.add(message.message());
        default -> message.skip();
      }
    }
    List<StoredRecord> records = new ArrayList<>(parts.size());
    for (ProtobufReader part : parts) {
      SequenceNumber number = new SequenceNumber(stored.sequenceNumber().digits(), records.size());
      records.add(record(stored, number, part, keys));
    }
    return records;
  }

  private static StoredRecord record(
      StoredRecord stored, SequenceNumber number, ProtobufReader part, List<String> keys)
      throws MalformedProtobufException {
    long key = -1;
    byte[] data = null;
    while (part.next()) {
      switch (part.field()) {
        case KEY_INDEX -> key = part.varint();
        case DATA -> data = part.bytes();
        default -> part.skip();
      }
    }
    if (key < 0 || key >= keys.size() || data == null) {
      throw new MalformedProtobufException("a record without key or data");
    }
    return new StoredRecord(
        stored.shard(), number, keys.get((int) key), data, stored.arrivalMillis());
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
