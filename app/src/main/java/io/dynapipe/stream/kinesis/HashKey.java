package io.dynapipe.stream.kinesis;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A place in the hash space that shards divide among themselves: an unsigned number of 128 bits.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key">Partition
 *     key</a>
 */
record HashKey(long high, long low) implements Comparable<HashKey> {

  /** Where a partition key's records go: its MD5. */
  static HashKey of(String partitionKey) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      ByteBuffer digest =
          ByteBuffer.wrap(md5.digest(partitionKey.getBytes(StandardCharsets.UTF_8)));
      return new HashKey(digest.getLong(), digest.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  /** Reads the decimal form. */
  static HashKey parse(String decimal) {
    BigInteger number = new BigInteger(decimal);
    return new HashKey(number.shiftRight(Long.SIZE).longValue(), number.longValue());
  }

  @Override
  public int compareTo(HashKey other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** The decimal form. */
  @Override
  public String toString() {
    byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    return new BigInteger(1, bytes).toString();
  }
}
