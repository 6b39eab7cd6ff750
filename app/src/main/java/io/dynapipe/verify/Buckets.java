package io.dynapipe.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/**
 * Counts and sums of row digests by the digest of the key: the same rows in any order give the same
 * buckets, and memory stays the same however many rows there are. One thread.
 */
final class Buckets {

  static final int COUNT = 1 << 14;

  /** Changes one byte order into unambiguous text: a name or value may hold any character. */
  private static final byte[] NO_BYTES = {};

  private final long[] rows = new long[COUNT];
  private final long[] sums = new long[2 * COUNT];
  private final MessageDigest digest = digest();

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The bucket of a key. */
  int bucketOf(String key) {
    return ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8))).getInt()
        & (COUNT - 1);
  }

  void add(ComparedRow row) {
    int bucket = bucketOf(row.key());
    for (Map.Entry<String, String> value : row.values().entrySet()) {
      update(value.getKey());
      update(value.getValue());
    }
    ByteBuffer sum = ByteBuffer.wrap(digest.digest(NO_BYTES));
    rows[bucket]++;
    sums[2 * bucket] += sum.getLong();
    sums[2 * bucket + 1] += sum.getLong();
  }

  private void update(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }

  long rows(int bucket) {
    return rows[bucket];
  }

  long total() {
    long total = 0;
    for (long count : rows) {
      total += count;
    }
    return total;
  }

  boolean isEqual(Buckets other, int bucket) {
    return rows[bucket] == other.rows[bucket]
        && sums[2 * bucket] == other.sums[2 * bucket]
        && sums[2 * bucket + 1] == other.sums[2 * bucket + 1];
  }
}
