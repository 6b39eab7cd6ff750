package io.dynapipe.bench;

import java.util.PriorityQueue;

/**
 * A fleet in virtual time: shards that always have something to read, workers that share them, and
 * a target. Each shard goes round: read (a shard's limit), compute (a core of its worker), write
 * (the target's rate, and the time to its answer).
 *
 * @param aggregated whether records hold many events, so that a shard's bytes are the limit and not
 *     its 1,000 records a second
 * @param perCore events a second that one core decodes and compacts
 * @param perNode events a second that one node of the target takes
 */
record Fleet(
    int shards,
    boolean aggregated,
    int workers,
    int coresPerWorker,
    double perCore,
    int nodes,
    double perNode) {

  /** Bytes of an event that changes a row, as measured on genuine ones. */
  private static final double EVENT_BYTES = 562;

  private static final double WRITE_BYTES_PER_SECOND = 1 << 20;
  private static final double WRITE_RECORDS_PER_SECOND = 1_000;

  /** A shard answers five times a second. */
  private static final double READ_EVERY = 0.2;

  /** From the request to the answer of a bulk, beside the time that the target works on it. */
  private static final double ANSWER_SECONDS = 0.02;

  private static final double SECONDS = 30;

  private record Turn(double at, int shard) {}

  /** Events a second that a shard can be given, and so be read. */
  static double shardRate(boolean aggregated) {
    double byBytes = WRITE_BYTES_PER_SECOND / EVENT_BYTES;
    return aggregated ? byBytes : Math.min(WRITE_RECORDS_PER_SECOND, byBytes);
  }

  /** Events a second that the whole applies. */
  double simulate() {
    PriorityQueue<Turn> turns = new PriorityQueue<>((a, b) -> Double.compare(a.at(), b.at()));
    double[] readTo = new double[shards];
    double[][] coreFree = new double[workers][coresPerWorker];
    double targetFree = 0;
    double applied = 0;
    for (int shard = 0; shard < shards; shard++) {
      turns.add(new Turn(READ_EVERY * shard / shards, shard));
    }
    while (!turns.isEmpty()) {
      Turn turn = turns.remove();
      int shard = turn.shard();
      double events = (turn.at() - readTo[shard]) * shardRate(aggregated);
      readTo[shard] = turn.at();
      double[] cores = coreFree[shard % workers];
      int core = earliest(cores);
      double computed = Math.max(turn.at(), cores[core]) + events / perCore;
      cores[core] = computed;
      // The target works on one event of each core's worth at a time: a queue with one rate.
      targetFree = Math.max(computed, targetFree) + events / (nodes * perNode);
      double next = Math.max(turn.at() + READ_EVERY, targetFree + ANSWER_SECONDS);
      if (targetFree <= SECONDS) {
        applied += events;
        turns.add(new Turn(next, shard));
      }
    }
    return applied / SECONDS;
  }

  private static int earliest(double[] free) {
    int best = 0;
    for (int i = 1; i < free.length; i++) {
      best = free[i] < free[best] ? i : best;
    }
    return best;
  }

  /** What more of would help. */
  String bound() {
    double stream = shards * shardRate(aggregated);
    // A worker without a shard does nothing.
    double compute = Math.min(workers, shards) * coresPerWorker * perCore;
    double target = nodes * perNode;
    double least = Math.min(stream, Math.min(compute, target));
    return least == stream ? "shards" : least == target ? "nodes" : "workers";
  }
}
