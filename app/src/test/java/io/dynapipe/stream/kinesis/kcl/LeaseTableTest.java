package io.dynapipe.stream.kinesis.kcl;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.model.Shard;

class LeaseTableTest {

  private static final BigInteger LAST = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

  @Test
  void shardsThatHaveAllKeysAreComplete() {
    assertThat(LeaseTable.isComplete(List.of(shard("100", LAST.toString()), shard("0", "99"))))
        .isTrue();
  }

  @Test
  void parentsMayOverlapTheirChildren() {
    assertThat(
            LeaseTable.isComplete(
                List.of(
                    shard("0", LAST.toString()), shard("0", "99"), shard("100", LAST.toString()))))
        .isTrue();
  }

  @Test
  void aKeyWithoutAShardIsMissed() {
    assertThat(LeaseTable.isComplete(List.of(shard("0", "98"), shard("100", LAST.toString()))))
        .isFalse();
    assertThat(LeaseTable.isComplete(List.of(shard("0", "98")))).isFalse();
    assertThat(LeaseTable.isComplete(List.of())).isFalse();
  }

  private static Shard shard(String first, String last) {
    return Shard.builder()
        .shardId("shardId-" + first)
        .hashKeyRange(range -> range.startingHashKey(first).endingHashKey(last))
        .build();
  }
}
