package io.dynapipe.stream.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Numbered changes of keys, and the proof that they arrived in order. */
final class Changes {

  private final Random random;
  private final int keys;
  private final Map<String, Integer> written = new HashMap<>();

  Changes(int keys, long seed) {
    this.keys = keys;
    this.random = new Random(seed);
  }

  /** The next changes, each of a random key, numbered per key from 1. */
  List<StreamRecord> next(int count) {
    List<StreamRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String key = "key-" + random.nextInt(keys);
      int number = written.merge(key, 1, Integer::sum);
      records.add(new StreamRecord(key, Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
    }
    return records;
  }

  /** The same change may stand several times in a row, since an answer may have been lost. */
  void assertComplete(List<StoredRecord> stored) {
    Map<String, Integer> last = new HashMap<>();
    for (StoredRecord record : stored) {
      int number = Integer.parseInt(new String(record.data(), StandardCharsets.UTF_8));
      int before = last.getOrDefault(record.partitionKey(), 0);
      if (number != before) {
        assertThat(number)
            .as("after %s of %s", before, record.partitionKey())
            .isEqualTo(before + 1);
      }
      last.put(record.partitionKey(), number);
    }
    assertThat(last).isEqualTo(written);
  }

  /**
   * Changes may come again behind later ones of their key, as long as all that follow come again,
   * too: whoever applies them in this order ends in the right state.
   */
  void assertSettled(List<StoredRecord> stored) {
    Map<String, Map<Integer, Integer>> lastPlaces = new HashMap<>();
    for (int place = 0; place < stored.size(); place++) {
      StoredRecord record = stored.get(place);
      int number = Integer.parseInt(new String(record.data(), StandardCharsets.UTF_8));
      lastPlaces.computeIfAbsent(record.partitionKey(), k -> new TreeMap<>()).put(number, place);
    }
    assertThat(lastPlaces.keySet()).isEqualTo(written.keySet());
    lastPlaces.forEach(
        (key, places) -> {
          assertThat(places).as(key).hasSize(written.get(key));
          assertThat(List.copyOf(places.values())).as(key).isSorted();
        });
  }

  /** Speaks JSON, as proxy and moto do; the client otherwise speaks CBOR. */
  static KinesisStream openInJson(KinesisUrl url) {
    System.setProperty("aws.cborEnabled", "false");
    try {
      return KinesisStream.open(url);
    } finally {
      System.clearProperty("aws.cborEnabled");
    }
  }

  /** Writes changes and waits until they are stored. */
  void write(KinesisStream stream, int count) throws Exception {
    List<CompletableFuture<Void>> stored = new ArrayList<>();
    try (KinesisWriter writer = stream.writer(OversizeHandler.REFUSE)) {
      for (int i = 0; i < count; i += 250) {
        stored.add(writer.write(next(250)));
      }
      CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new)).get(90, TimeUnit.SECONDS);
      assertThat(writer.counts().records()).isEqualTo(count);
      assertThat(writer.counts().bufferedBytes()).isZero();
    }
  }

  /** All records of a stream, shards in the order in which a reader offers them. */
  static List<StoredRecord> readAll(KinesisReader reader, int atLeast) throws Exception {
    List<StoredRecord> records = new ArrayList<>();
    Map<String, SequenceNumber> positions = new HashMap<>();
    Instant limit = Instant.now().plusSeconds(60);
    int emptyRounds = 0;
    while (records.size() < atLeast || emptyRounds < 2) {
      assertThat(Instant.now()).as("%s of %s", records.size(), atLeast).isBefore(limit);
      int before = records.size();
      for (String shard : reader.shards()) {
        List<StoredRecord> read =
            reader.read(shard, positions.get(shard), 2_000, 10 << 20, Duration.ofMillis(250));
        if (!read.isEmpty()) {
          positions.put(shard, read.get(read.size() - 1).sequenceNumber());
          records.addAll(read);
        }
      }
      emptyRounds = records.size() == before ? emptyRounds + 1 : 0;
    }
    return records;
  }
}
