package io.dynapipe.stream.kinesis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lanes that have something to send, by shard, and the requests made of them. Belongs to the
 * dispatcher's thread.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html">PutRecords</a>
 */
final class Requests {

  static final int MAX_ENTRIES = 500;
  static final int MAX_BYTES = 10 << 20;

  /** What a request could have before 2025, and still can in some places. */
  static final int FORMER_MAX_BYTES = 5 << 20;

  private record ShardQueue(ShardPace pace, ArrayDeque<Lane> ready) {}

  private final Packing packing;
  private final WriterOptions options;
  private ShardMap map;
  private Map<String, ShardQueue> byShard = new HashMap<>();
  private List<ShardQueue> queues = List.of();
  private int turn;
  private int maxBytes = MAX_BYTES;

  Requests(Packing packing, WriterOptions options, ShardMap map, long nowNanos) {
    this.packing = packing;
    this.options = options;
    this.map = map;
    follow(map, nowNanos);
  }

  /** Takes over another map; shards that stay keep their pace. */
  void follow(ShardMap changed, long nowNanos) {
    List<Lane> lanes = new ArrayList<>();
    queues.forEach(queue -> lanes.addAll(queue.ready()));
    Map<String, ShardQueue> next = new HashMap<>();
    for (String shard : changed.shards()) {
      ShardQueue known = byShard.get(shard);
      ShardPace pace = known == null ? new ShardPace(nowNanos) : known.pace();
      next.put(shard, new ShardQueue(pace, new ArrayDeque<>()));
    }
    map = changed;
    byShard = next;
    queues = List.copyOf(next.values());
    lanes.forEach(this::add);
  }

  /** A lane with waiting records, of which none is under way. */
  void add(Lane lane) {
    queue(lane).ready().add(lane);
  }

  private ShardQueue queue(Lane lane) {
    ShardQueue queue = byShard.get(map.shard(lane.hash));
    if (queue == null) {
      throw new IllegalStateException("shard without queue");
    }
    return queue;
  }

  /** Whether a lane's record was to be expected in this shard. */
  boolean expects(Lane lane, String shard) {
    return map.shard(lane.hash).equals(shard);
  }

  void usedUp(Lane lane, long nowNanos) {
    queue(lane).pace().usedUp(nowNanos);
  }

  int maxBytes() {
    return maxBytes;
  }

  void allowOnly(int bytes) {
    maxBytes = bytes;
  }

  /** The next request, or null while there is nothing that may be sent now. */
  @Nullable List<Parcel> next(long nowNanos) {
    List<Parcel> parcels = new ArrayList<>();
    int bytes = 0;
    int size = queues.size();
    for (int i = 0; i < size && parcels.size() < MAX_ENTRIES && bytes < maxBytes; i++) {
      bytes = fill(parcels, bytes, queues.get((turn + i) % size), nowNanos);
    }
    turn = (turn + 1) % size;
    return parcels.isEmpty() ? null : parcels;
  }

  private int fill(List<Parcel> parcels, int before, ShardQueue queue, long nowNanos) {
    int bytes = before;
    while (!queue.ready().isEmpty()) {
      Lane lane = queue.ready().element();
      int taken = 0;
      while (!lane.waiting.isEmpty() && taken < perLane() && parcels.size() < MAX_ENTRIES) {
        int next = packing.nextBytes(lane);
        boolean full = !parcels.isEmpty() && bytes + next > maxBytes;
        if (full || (options.paced() && !queue.pace().take(next, nowNanos))) {
          break;
        }
        parcels.add(packing.take(lane));
        bytes += next;
        taken++;
      }
      if (taken == 0) {
        break;
      }
      queue.ready().remove();
    }
    return bytes;
  }

  private int perLane() {
    return options.aggregate() ? 1 : options.recordsPerKey();
  }

  /** When there may be something to send that has to wait for its shard's pace now. */
  long nextNanos(long otherwise) {
    long next = otherwise;
    for (ShardQueue queue : queues) {
      if (!queue.ready().isEmpty() && queue.pace().restsUntil() - next < 0) {
        next = queue.pace().restsUntil();
      }
    }
    return next;
  }
}
