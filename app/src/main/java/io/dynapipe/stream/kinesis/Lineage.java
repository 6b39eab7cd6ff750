package io.dynapipe.stream.kinesis;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * Which shards may be read now: a shard that came of a split or a merge only when all records of
 * its parents have been handled, since these are older. Thread-safe.
 */
final class Lineage {

  private final Predicate<String> begun;
  private final Map<String, Shard> known = new HashMap<>();
  private final Set<String> finished = new HashSet<>();

  /**
   * Knows no shard yet.
   *
   * @param begun whether records of a shard were handled before: its parents were finished then
   */
  Lineage(Predicate<String> begun) {
    this.begun = begun;
  }

  /** Takes the stream's present shards, those that are closed and still have records included. */
  synchronized void update(List<Shard> shards) {
    known.clear();
    shards.forEach(shard -> known.put(shard.shardId(), shard));
    finished.retainAll(known.keySet());
    for (Shard shard : shards) {
      if (begun.test(shard.shardId())) {
        parents(shard).forEach(this::finishWithAncestors);
      }
    }
  }

  private void finishWithAncestors(String id) {
    Shard shard = known.get(id);
    if (shard != null && finished.add(id)) {
      parents(shard).forEach(this::finishWithAncestors);
    }
  }

  /** All records of a closed shard have been handled. */
  synchronized void finish(String shard) {
    finished.add(shard);
  }

  synchronized List<String> readable() {
    return known.values().stream()
        .filter(shard -> !finished.contains(shard.shardId()))
        .filter(shard -> parents(shard).allMatch(this::isDone))
        .map(Shard::shardId)
        .sorted()
        .toList();
  }

  /** A parent that is no longer listed has no records any more. */
  private boolean isDone(String parent) {
    return finished.contains(parent) || !known.containsKey(parent);
  }

  private static Stream<String> parents(Shard shard) {
    return Stream.of(given(shard.parentShardId()), given(shard.adjacentParentShardId()))
        .filter(id -> !id.isEmpty());
  }

  private static String given(@Nullable String id) {
    return id == null ? "" : id;
  }
}
