package io.dynapipe.stream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class HashRangesTest {

  /** The arithmetic of the Kinesis documentation, done with big numbers. */
  @Property
  void aKeyBelongsToTheRangeOfItsHash(
      @ForAll String key, @ForAll @IntRange(min = 1, max = 256) int shards) throws Exception {
    byte[] digest = MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8));
    BigInteger size = BigInteger.TWO.pow(128).divide(BigInteger.valueOf(shards));
    int expected = new BigInteger(1, digest).divide(size).intValueExact();

    assertThat(new HashRanges(shards).shard(key)).isEqualTo(Math.min(expected, shards - 1));
  }
}
