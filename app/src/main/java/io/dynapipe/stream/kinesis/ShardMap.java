package io.dynapipe.stream.kinesis;

import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * The shards that take records at one moment, in the order of their hash ranges. Immutable. A map
 * may be stale: it serves to pace writes, not to route them.
 */
final class ShardMap {

  private record Range(HashKey start, String shard) {}

  private final List<Range> ranges;

  private ShardMap(List<Range> ranges) {
    this.ranges = ranges;
  }

  /**
   * The open ones of a stream's shards.
   *
   * @throws IllegalArgumentException when none is open
   */
  static ShardMap of(List<Shard> shards) {
    List<Range> ranges =
        shards.stream()
            .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
            .map(
                shard ->
                    new Range(
                        HashKey.parse(shard.hashKeyRange().startingHashKey()), shard.shardId()))
            .sorted(Comparator.comparing(Range::start))
            .toList();
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("the stream has no open shard");
    }
    return new ShardMap(ranges);
  }

  /** Where each shard's range begins, in the order of {@link #shards}. */
  List<HashKey> starts() {
    return ranges.stream().map(Range::start).toList();
  }

  List<String> shards() {
    return ranges.stream().map(Range::shard).toList();
  }

  String shard(HashKey key) {
    int from = 0;
    int to = ranges.size() - 1;
    while (from < to) {
      int middle = (from + to + 1) >>> 1;
      if (key.compareTo(ranges.get(middle).start()) < 0) {
        to = middle - 1;
      } else {
        from = middle;
      }
    }
    return ranges.get(from).shard();
  }
}
