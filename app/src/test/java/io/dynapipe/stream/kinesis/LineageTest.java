package io.dynapipe.stream.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.model.Shard;

class LineageTest {

  private final List<Shard> splitAndMerged =
      List.of(
          shard("1", null, null),
          shard("2", null, null),
          shard("1a", "1", null),
          shard("1b", "1", null),
          shard("m", "1b", "2"));

  @Test
  void childrenWaitForAllOfTheirParents() {
    Lineage lineage = new Lineage(shard -> false);
    lineage.update(splitAndMerged);

    assertThat(lineage.readable()).containsExactly("1", "2");
    lineage.finish("1");
    assertThat(lineage.readable()).containsExactly("1a", "1b", "2");
    lineage.finish("1b");
    assertThat(lineage.readable()).containsExactly("1a", "2");
    lineage.finish("2");
    assertThat(lineage.readable()).containsExactly("1a", "m");
  }

  @Test
  void parentsThatAreGoneHoldUpNobody() {
    Lineage lineage = new Lineage(shard -> false);
    lineage.update(splitAndMerged.subList(2, 5));

    assertThat(lineage.readable()).containsExactly("1a", "1b");
  }

  @Test
  void aShardThatWasBegunBeforeHasFinishedAncestors() {
    Lineage lineage = new Lineage(Set.of("m")::contains);
    lineage.update(splitAndMerged);

    assertThat(lineage.readable()).containsExactly("1a", "m");
  }

  private static Shard shard(String id, String parent, String adjacent) {
    return Shard.builder()
        .shardId(id)
        .parentShardId(parent)
        .adjacentParentShardId(adjacent)
        .build();
  }
}
