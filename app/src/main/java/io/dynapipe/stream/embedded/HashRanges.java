package io.dynapipe.stream.embedded;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which shard a partition key belongs to: the MD5 of the key, as an unsigned number of 128 bits,
 * falls into one of equal ranges. One thread at a time.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key">Partition
 *     key</a>
 */
final class HashRanges {

  private static final BigInteger HASH_KEYS = BigInteger.ONE.shiftLeft(128);

  private final MessageDigest md5;
  private final long[] firstHigh;
  private final long[] firstLow;

  /** As many equal ranges as shards; the last one also has what division leaves over. */
  HashRanges(int shards) {
    this.md5 = md5();
    this.firstHigh = new long[shards];
    this.firstLow = new long[shards];
    BigInteger size = HASH_KEYS.divide(BigInteger.valueOf(shards));
    for (int i = 0; i < shards; i++) {
      BigInteger first = size.multiply(BigInteger.valueOf(i));
      firstHigh[i] = first.shiftRight(64).longValue();
      firstLow[i] = first.longValue();
    }
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  int shard(String partitionKey) {
    if (firstHigh.length == 1) {
      return 0;
    }
    ByteBuffer hash = ByteBuffer.wrap(md5.digest(partitionKey.getBytes(StandardCharsets.UTF_8)));
    long high = hash.getLong();
    long low = hash.getLong();
    int from = 0;
    int to = firstHigh.length - 1;
    while (from < to) {
      int middle = (from + to + 1) >>> 1;
      if (isBefore(high, low, middle)) {
        to = middle - 1;
      } else {
        from = middle;
      }
    }
    return from;
  }

  private boolean isBefore(long high, long low, int range) {
    int byHigh = Long.compareUnsigned(high, firstHigh[range]);
    return byHigh != 0 ? byHigh < 0 : Long.compareUnsigned(low, firstLow[range]) < 0;
  }
}
