package io.dynapipe.bench;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many shards, workers and nodes of the target a rate needs, and where more of one stop
 * helping. What a core does is measured with the real processor on a virtual sink; all else is a
 * simulation in virtual time: shards with the limits of Kinesis, workers with cores, a target that
 * takes so many events a second and answers after a while.
 */
final class ScalingBench {

  /** As docs/events.md shows an insert with all its metadata. */
  private static final String INSERT =
      """
      {"data":{"id":%d,"name":"customer %d","quantity":%d,"note":"c4ca4238a0b923820dcc509a6f75849b",\
      "price":1.25,"active":true,"created_at":"2024-01-01T00:00:00.000000Z"},"metadata":{"timestamp":\
      "2024-07-29T00:58:17.983670Z","record-type":"data","operation":"insert","partition-key-type":\
      "primary-key","partition-key-value":"public.foo.%d","schema-name":"public","table-name":"foo",\
      "transaction-id":1139,"transaction-record-id":1,"commit-timestamp":"2024-07-29T00:58:17.974340Z",\
      "stream-position":"00000002/7C007178.3.00000002/7C007178"}}\
      """;

  /**
   * Events a second that a node of CrateDB with four cores and one replica takes in half of its
   * time: an upsert of a row that exists costs 91 microseconds of a core, and again for the
   * replica.
   */
  private static final double NODE = 4 / (2 * 91e-6) / 2;

  /**
   * Events a second that a core of a worker brings to a real target: 46 microseconds for an event,
   * from decoding to the answer. The virtual sink shows a part of that only.
   */
  private static final double WITH_TARGET = 1 / 46e-6;

  private static final int BATCH = 5_000;
  private static final int BATCHES = 60;
  private static final int[] TARGET_RATES = {1_000, 10_000, 100_000, 1_000_000};

  private final PrintStream out;

  ScalingBench(PrintStream out) {
    this.out = out;
  }

  void run() {
    double decoded = perCore();
    double perCore = Math.min(decoded, WITH_TARGET);
    print(
        "scaling-core",
        "decoded_s",
        decoded,
        "with_target_s",
        WITH_TARGET,
        "event_bytes",
        event(1).length);
    for (boolean aggregated : new boolean[] {false, true}) {
      for (int rate : TARGET_RATES) {
        need(rate, aggregated, perCore);
      }
    }
    for (int workers : new int[] {1, 2, 4, 8, 16, 32, 64}) {
      Fleet fleet = new Fleet(256, false, workers, 2, perCore, 64, NODE);
      print(
          "scaling-workers",
          "workers",
          workers,
          "shards",
          256,
          "nodes",
          64,
          "events_s",
          fleet.simulate(),
          "bound",
          fleet.bound());
    }
    for (int shards : new int[] {8, 16, 32, 64, 128, 256, 512, 1_024}) {
      Fleet fleet = new Fleet(shards, false, 16, 2, perCore, 32, NODE);
      print(
          "scaling-shards",
          "shards",
          shards,
          "workers",
          16,
          "nodes",
          32,
          "events_s",
          fleet.simulate(),
          "bound",
          fleet.bound());
    }
    for (int nodes : new int[] {1, 2, 4, 8, 16, 32, 64}) {
      Fleet fleet = new Fleet(256, false, 16, 2, perCore, nodes, NODE);
      print(
          "scaling-nodes",
          "nodes",
          nodes,
          "shards",
          256,
          "workers",
          16,
          "events_s",
          fleet.simulate(),
          "bound",
          fleet.bound());
    }
  }

  /** The least of each that reaches a rate, with a fifth to spare. */
  private void need(int rate, boolean aggregated, double perCore) {
    double wanted = rate * 1.2;
    int shards = (int) Math.ceil(wanted / Fleet.shardRate(aggregated));
    int nodes = (int) Math.ceil(wanted / NODE);
    int workers = (int) Math.ceil(wanted / (2 * perCore));
    double reached = new Fleet(shards, aggregated, workers, 2, perCore, nodes, NODE).simulate();
    print(
        "scaling-need",
        "rate",
        rate,
        "aggregated",
        aggregated,
        "shards",
        shards,
        "workers",
        workers,
        "nodes",
        nodes,
        "reached",
        reached);
  }

  /** Events a second that one core decodes and compacts, the target's part left out. */
  private static double perCore() {
    VirtualSink sink = new VirtualSink();
    BatchProcessor processor = new BatchProcessor(new DmsDecoder(), sink, Clock.systemUTC());
    List<StoredRecord> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      batch.add(new StoredRecord("0", SequenceNumber.of(i + 1), "key", event(i), 0));
    }
    double best = 0;
    for (int i = 0; i < BATCHES; i++) {
      long began = System.nanoTime();
      BatchOutcome outcome = processor.process(batch);
      if (!outcome.complete() || outcome.total().rows() != BATCH) {
        throw new IllegalStateException("not applied: " + outcome);
      }
      best = Math.max(best, BATCH / ((System.nanoTime() - began) / 1e9));
    }
    return best;
  }

  private static byte[] event(int id) {
    return INSERT.formatted(id, id, id, id).getBytes(StandardCharsets.UTF_8);
  }

  private void print(String bench, Object... members) {
    StringBuilder line = new StringBuilder("{\"bench\":\"" + bench + "\"");
    for (int i = 0; i < members.length; i += 2) {
      Object value = members[i + 1];
      String text =
          value instanceof Double number
              ? String.format(Locale.ROOT, "%.0f", number)
              : value instanceof String word ? "\"" + word + "\"" : value.toString();
      line.append(",\"").append(members[i]).append("\":").append(text);
    }
    out.println(line.append('}'));
    out.flush();
  }
}
