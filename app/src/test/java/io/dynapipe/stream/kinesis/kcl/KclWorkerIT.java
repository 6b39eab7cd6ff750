package io.dynapipe.stream.kinesis.kcl;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.kinesis.KinesisLocal;
import io.dynapipe.stream.kinesis.KinesisStream;
import io.dynapipe.stream.kinesis.KinesisWriter;
import io.dynapipe.stream.kinesis.OversizeHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Workers of a fleet on a Kinesis emulator and DynamoDB Local. */
class KclWorkerIT {

  private static final int KEYS = 40;

  private final Map<String, List<Integer>> applied = new ConcurrentHashMap<>();
  private final Map<String, String> lastWorker = new ConcurrentHashMap<>();
  private final Map<String, Integer> written = new HashMap<>();

  @Test
  void twoWorkersShareTheShardsAndOneTakesOverFromTheOther() throws Exception {
    String name = "fleet-" + UUID.randomUUID();
    String text =
        "kinesis://us-east-1/%s?endpoint=%s&dynamodb_endpoint=%s&application=%s&shards=4&pace=off"
            .formatted(name, KinesisLocal.endpoint(), DynamoDbLocal.endpoint(), name);
    KinesisUrl url = (KinesisUrl) StreamUrl.parse(text);
    try (KinesisStream stream = KinesisStream.open(url);
        KinesisWriter writer = stream.writer(OversizeHandler.REFUSE)) {
      KclWorker one = new KclWorker(url, "one", shard -> recorder("one", shard));
      write(writer, 200);
      Instant begin = Instant.now();
      one.start();
      await(() -> one.failure() != null || !applied.isEmpty());
      assertThat(one.failure()).isNull();
      LoggerFactory.getLogger(KclWorkerIT.class)
          .info(
              "first records {} ms after the start",
              Duration.between(begin, Instant.now()).toMillis());
      await(this::isComplete);

      try (KclWorker two = new KclWorker(url, "two", shard -> recorder("two", shard))) {
        two.start();
        await(
            () -> {
              write(writer, 40);
              return lastWorker.containsValue("one") && lastWorker.containsValue("two");
            });
        one.close();
        write(writer, 200);
        await(this::isComplete);
        assertThat(lastWorker.values()).contains("two");
        assertThat(two.failure()).isNull();
      }
      assertThat(one.failure()).isNull();
    }
    // A batch may come again from the checkpoint; whoever applies it ends in the last state.
    applied.forEach((key, numbers) -> assertThat(numbers).as(key).endsWith(written.get(key)));
  }

  private ShardHandler recorder(String worker, String shard) {
    return (records, marks, leaseIsHeld) -> {
      for (StoredRecord record : records) {
        int number = Integer.parseInt(new String(record.data(), StandardCharsets.UTF_8));
        List<Integer> numbers =
            applied.computeIfAbsent(record.partitionKey(), key -> new ArrayList<>());
        synchronized (numbers) {
          int before = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
          assertThat(number)
              .as("after %s of %s", before, record.partitionKey())
              .isLessThanOrEqualTo(before + 1);
          numbers.add(number);
        }
        lastWorker.put(shard, worker);
      }
      marks.save(records.get(records.size() - 1));
      return true;
    };
  }

  private void write(KinesisWriter writer, int count) {
    List<StreamRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String key = "key-" + i % KEYS;
      int number = written.merge(key, 1, Integer::sum);
      records.add(new StreamRecord(key, Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
    }
    writer.write(records).join();
  }

  private boolean isComplete() {
    return written.entrySet().stream()
        .allMatch(
            entry -> {
              List<Integer> numbers = applied.getOrDefault(entry.getKey(), List.of());
              synchronized (numbers) {
                return numbers.contains(entry.getValue());
              }
            });
  }

  private static void await(BooleanSupplier reached) throws InterruptedException {
    Instant limit = Instant.now().plusSeconds(150);
    while (!reached.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(limit);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}
