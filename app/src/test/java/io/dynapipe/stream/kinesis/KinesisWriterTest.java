package io.dynapipe.stream.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Backoff;
import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The writer before a stream in memory. What needs the real protocol is in KinesisWriterIT. */
class KinesisWriterTest {

  private static final FaultyProxy.Faults HARSH = new FaultyProxy.Faults(0.3, 0.05, 0.05, 0.05);
  private static final Backoff QUICK = new Backoff(Duration.ofMillis(2), Duration.ofMillis(20));
  private static final WriterOptions UNPACED = new WriterOptions(false, 8, 1 << 20, 1, false, null);

  @Property(tries = 10)
  void keepsTheOrderOfEachKey(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int shards,
      @ForAll @IntRange(min = 1, max = 16) int inFlight,
      @ForAll boolean aggregate,
      @ForAll boolean paced)
      throws Exception {
    Changes changes = new Changes(50, seed);
    WriterOptions options = new WriterOptions(aggregate, inFlight, 1 << 16, 1, paced, null);
    try (MemoryService service = new MemoryService(shards, HARSH, seed);
        KinesisWriter writer = writer(service, options)) {
      List<CompletableFuture<Void>> stored = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        stored.add(writer.write(changes.next(50)));
        if (i == 10) {
          service.becomes(MemoryService.map(shards + 1, 100));
        }
      }
      await(stored.get(19));
      assertThat(stored).allMatch(CompletableFuture::isDone);
      // A lost answer repeats a Kinesis record, which then holds several records.
      if (aggregate) {
        changes.assertSettled(service.stored());
      } else {
        changes.assertComplete(service.stored());
      }
      assertThat(service.mostInFlight()).isLessThanOrEqualTo(inFlight);
      assertThat(writer.counts().bufferedBytes()).isZero();
    }
  }

  @Test
  void tenThousandChangesOfAHundredKeysStayInOrder() throws Exception {
    Changes changes = new Changes(100, 5);
    WriterOptions options = new WriterOptions(false, 16, 1 << 20, 1, false, null);
    try (MemoryService service = new MemoryService(4, HARSH, 5);
        KinesisWriter writer = writer(service, options)) {
      await(writer.write(changes.next(10_000)));
      changes.assertComplete(service.stored());
    }
  }

  @Property(tries = 5)
  void severalRecordsOfAKeyInARequestEndInTheRightState(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 100) int perKey) throws Exception {
    Changes changes = new Changes(5, seed);
    WriterOptions options = new WriterOptions(false, 4, 1 << 20, perKey, false, null);
    try (MemoryService service = new MemoryService(2, HARSH, seed);
        KinesisWriter writer = writer(service, options)) {
      await(writer.write(changes.next(150)));
      changes.assertSettled(service.stored());
    }
  }

  @Test
  void aggregationMakesFewKinesisRecordsOfMany() throws Exception {
    Changes changes = new Changes(3, 1);
    WriterOptions options = new WriterOptions(true, 2, 8 << 20, 1, true, null);
    try (MemoryService service = new MemoryService(2, FaultyProxy.Faults.NONE, 1);
        KinesisWriter writer = writer(service, options)) {
      await(writer.write(changes.next(10_000)));
      changes.assertComplete(service.stored());
      assertThat(service.kinesisRecords()).isLessThan(50);
    }
  }

  @Test
  void requestsHaveFiveHundredRecordsAndTenMebibytesAtMost() throws Exception {
    try (MemoryService service = new MemoryService(3, FaultyProxy.Faults.NONE, 1);
        KinesisWriter writer = writer(service, UNPACED)) {
      await(writer.write(distinct(1_200, 10)));
      await(writer.write(distinct(25, 1_000_000)));

      assertThat(service.requestRecords).contains(500).allMatch(records -> records <= 500);
      assertThat(service.requestBytes).allMatch(bytes -> bytes <= 10 << 20).anyMatch(b -> b > 8e6);
    }
  }

  @Test
  void requestsAreDividedWhereFiveMebibytesAreTheLimit() throws Exception {
    try (MemoryService service = new MemoryService(3, FaultyProxy.Faults.NONE, 1);
        KinesisWriter writer = writer(service, UNPACED)) {
      service.takesOnly(5 << 20, 1 << 20);
      await(writer.write(distinct(25, 1_000_000)));

      assertThat(service.stored()).hasSize(25);
      assertThat(service.requestBytes).anyMatch(bytes -> bytes > 4e6);
    }
  }

  @Test
  void aRecordThatTheServiceRefusesIsFoundAmongOthersAndGoesToTheHandler() throws Exception {
    List<StreamRecord> records = new ArrayList<>(distinct(400, 10));
    records.add(100, new StreamRecord("large", new byte[5_000]));
    records.add(101, record("large", "after"));
    List<String> refused = new ArrayList<>();
    OversizeHandler handler =
        (record, reason) -> {
          refused.add(record.partitionKey());
          return List.of(record("large", "instead"));
        };
    try (MemoryService service = new MemoryService(3, FaultyProxy.Faults.NONE, 1);
        KinesisWriter writer = writer(service, UNPACED, handler)) {
      service.takesOnly(1 << 20, 4_000);
      await(writer.write(records));

      assertThat(refused).containsExactly("large");
      assertThat(service.stored().stream().filter(r -> r.partitionKey().equals("large")))
          .extracting(KinesisWriterTest::text)
          .containsExactly("instead", "after");
      assertThat(service.stored()).hasSize(402);
    }
  }

  @Test
  void aWriterWithoutHandlerStopsAtARecordThatIsTooLarge() throws Exception {
    try (MemoryService service = new MemoryService(1, FaultyProxy.Faults.NONE, 1);
        KinesisWriter writer = writer(service, UNPACED)) {
      CompletableFuture<Void> failed =
          writer.write(List.of(new StreamRecord("k", new byte[2 << 20])));

      assertThatThrownBy(() -> await(failed)).hasMessageContaining("2097153 bytes");
      assertThatThrownBy(() -> await(writer.write(List.of(record("k", "1")))))
          .hasMessageContaining("2097153 bytes");
    }
  }

  @Test
  void aKeyThatNoStreamTakesIsRefusedWithACure() throws Exception {
    try (MemoryService service = new MemoryService(1, FaultyProxy.Faults.NONE, 1);
        KinesisWriter writer = writer(service, UNPACED)) {
      assertThatThrownBy(() -> await(writer.write(List.of(record("k".repeat(257), "1")))))
          .cause()
          .isInstanceOfSatisfying(
              PipelineException.class, e -> assertThat(e.cure()).contains("1 to 256"));
    }
  }

  @Test
  void theCallerWaitsWhileTooManyBytesAreOnTheirWay() throws Exception {
    AtomicInteger written = new AtomicInteger();
    CountDownLatch twoWritten = new CountDownLatch(2);
    try (HoldingService service = new HoldingService();
        KinesisWriter writer = writer(service, UNPACED)) {
      Thread caller =
          new Thread(
              () -> {
                for (int i = 0; i < 3; i++) {
                  CompletableFuture<Void> ignored = writer.write(distinct(1, 400_000));
                  written.incrementAndGet();
                  twoWritten.countDown();
                }
              },
              "caller");
      caller.start();
      assertThat(twoWritten.await(10, TimeUnit.SECONDS)).isTrue();
      caller.join(200);
      assertThat(written).hasValue(2);

      service.goOn();
      caller.join(10_000);
      assertThat(written).hasValue(3);
    }
  }

  @Test
  void paceKeepsToTheLimitsOfAShard() {
    ShardPace pace = new ShardPace(0);
    int sent = 0;
    long bytes = 0;
    for (long now = 0; now < TimeUnit.SECONDS.toNanos(10); now += 1_000_000) {
      while (pace.take(500, now)) {
        sent++;
      }
    }
    assertThat(sent).isBetween(9_900, 10_100);
    ShardPace large = new ShardPace(0);
    for (long now = 0; now < TimeUnit.SECONDS.toNanos(10); now += 1_000_000) {
      while (large.take(300_000, now)) {
        bytes += 300_000;
      }
    }
    assertThat(bytes).isBetween(9_800_000L, 11_200_000L);
  }

  private static KinesisWriter writer(Dispatcher.Service service, WriterOptions options)
      throws Exception {
    return writer(service, options, OversizeHandler.REFUSE);
  }

  private static KinesisWriter writer(
      Dispatcher.Service service, WriterOptions options, OversizeHandler handler) throws Exception {
    return new KinesisWriter(
        service,
        options,
        handler,
        "test",
        new KinesisWriter.Limits(
            1 << 20, service.shards().get(1, TimeUnit.SECONDS), QUICK, "memory"));
  }

  private static List<StreamRecord> distinct(int count, int bytes) {
    List<StreamRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(new StreamRecord("distinct-" + i, new byte[bytes]));
    }
    return records;
  }

  private static StreamRecord record(String key, String text) {
    return new StreamRecord(key, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(StoredRecord record) {
    return new String(record.data(), StandardCharsets.UTF_8);
  }

  private static void await(CompletableFuture<Void> stored) throws Exception {
    stored.get(Duration.ofSeconds(30).toSeconds(), TimeUnit.SECONDS);
  }
}
