package io.dynapipe.stream.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.model.Shard;

class ShardMapTest {

  @Property(tries = 200)
  void aKeyHasTheDecimalFormOfItsMd5(@ForAll String key) throws Exception {
    byte[] digest = MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8));
    HashKey hash = HashKey.of(key);

    assertThat(hash).hasToString(new BigInteger(1, digest).toString());
    assertThat(HashKey.parse(hash.toString())).isEqualTo(hash);
  }

  @Property(tries = 200)
  void aKeyBelongsToTheLastShardThatBeginsBeforeIt(
      @ForAll String key, @ForAll @IntRange(min = 1, max = 300) int shards) {
    ShardMap map = MemoryService.map(shards, 0);
    BigInteger hash = new BigInteger(HashKey.of(key).toString());
    BigInteger step = new BigInteger(new HashKey(Long.divideUnsigned(-1L, shards), 0).toString());

    String expected = "shardId-" + hash.divide(step).min(BigInteger.valueOf(shards - 1L));

    assertThat(map.shard(HashKey.of(key))).isEqualTo(expected);
  }

  @Test
  void closedShardsTakeNoRecords() {
    Shard closed = shard("old", "0", "5");
    Shard open = shard("new", "0", null);

    assertThat(ShardMap.of(List.of(closed, open)).shards()).containsExactly("new");
  }

  private static Shard shard(String id, String begin, String end) {
    return Shard.builder()
        .shardId(id)
        .hashKeyRange(r -> r.startingHashKey(begin))
        .sequenceNumberRange(r -> r.startingSequenceNumber("1").endingSequenceNumber(end))
        .build();
  }
}
