package io.dynapipe.stream.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.error.PipelineException.Kind;
import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

class KinesisWriterIT {

  private static final FaultyProxy.Faults HARSH = new FaultyProxy.Faults(0.3, 0.05, 0.05, 0.05);

  private final String name = "stream-" + UUID.randomUUID();

  @Test
  void keepsTheOrderOfEachKeyThroughFailures() throws Exception {
    Changes changes = new Changes(100, 1);
    try (FaultyProxy proxy = faulty(HARSH)) {
      KinesisUrl url = KinesisLocal.url(proxy.endpoint(), name, "&shards=4");
      try (KinesisStream stream = Changes.openInJson(url)) {
        changes.write(stream, 1_000);
      }
      assertThat(proxy.failedEntries.sum()).isGreaterThan(150);
      assertThat(proxy.failedRequests.sum()).isGreaterThan(2);
    }
    changes.assertComplete(readAll(1_000));
  }

  @Test
  void aggregatedRecordsKeepTheirOrderToo() throws Exception {
    Changes changes = new Changes(100, 1);
    try (FaultyProxy proxy = faulty(HARSH)) {
      KinesisUrl url = KinesisLocal.url(proxy.endpoint(), name, "&shards=4&aggregate=true");
      try (KinesisStream stream = Changes.openInJson(url)) {
        changes.write(stream, 4_000);
      }
    }
    changes.assertSettled(readAll(4_000));
  }

  @Test
  void shardsMayBeSplitAndMergedMeanwhile() throws Exception {
    Changes changes = new Changes(100, 3);
    KinesisUrl url = KinesisLocal.url(KinesisLocal.endpoint(), name, "&shards=2&pace=off");
    try (KinesisStream stream = KinesisStream.open(url);
        KinesisAsyncClient client = KinesisClients.once(url, 5);
        KinesisWriter writer = stream.writer(OversizeHandler.REFUSE)) {
      List<CompletableFuture<Void>> stored = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        stored.add(writer.write(changes.next(100)));
        if (i == 3) {
          // The first quarter of the hash space.
          reshard(
              client.splitShard(
                  r ->
                      r.streamName(name)
                          .shardToSplit("shardId-000000000000")
                          .newStartingHashKey("85070591730234615865843651857942052863")));
        } else if (i == 8) {
          reshard(
              client.mergeShards(
                  r ->
                      r.streamName(name)
                          .shardToMerge("shardId-000000000003")
                          .adjacentShardToMerge("shardId-000000000001")));
        }
      }
      CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    }
    List<StoredRecord> read = readAll(1_200);
    changes.assertComplete(read);
    assertThat(read.stream().map(StoredRecord::shard).distinct()).hasSizeGreaterThan(3);
  }

  private void reshard(CompletableFuture<?> call) throws Exception {
    Object unused = call.get(10, TimeUnit.SECONDS);
    try (KinesisStream active =
        KinesisStream.open(KinesisLocal.url(KinesisLocal.endpoint(), name, ""))) {
      assertThat(active).isNotNull();
    }
  }

  @Test
  void tooLargeRecordsGoToTheirHandlerAndHoldUpNobody() throws Exception {
    StreamRecord large = new StreamRecord("k", new byte[2 << 20]);
    List<String> reasons = new ArrayList<>();
    KinesisUrl url = KinesisLocal.url(KinesisLocal.endpoint(), name, "&shards=1");
    try (KinesisStream stream = KinesisStream.open(url);
        KinesisWriter writer =
            stream.writer(
                (record, reason) -> {
                  reasons.add(reason.getMessage());
                  return List.of(record("k", "instead"));
                })) {
      writer.write(List.of(record("k", "1"), large, record("k", "2"))).get(20, TimeUnit.SECONDS);
      assertThat(writer.counts().oversize()).isEqualTo(1);
    }
    assertThat(reasons)
        .containsExactly(
            "a record with the partition key 'k' has 2097153 bytes, and stream '"
                + name
                + "' takes 1048576");
    assertThat(readAll(3).stream().map(r -> new String(r.data(), StandardCharsets.UTF_8)))
        .containsExactly("1", "instead", "2");
  }

  @Test
  void aStreamThatIsMissingIsTheEnvironmentsFault() throws Exception {
    KinesisUrl url = KinesisLocal.url(KinesisLocal.endpoint(), name, "");

    assertThatThrownBy(() -> KinesisStream.open(url))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.ENVIRONMENT);
              assertThat(e).hasMessage("there is no stream '" + name + "' in us-east-1");
              assertThat(e.cure()).contains("create=true");
            });
  }

  @Test
  void aDeletedStreamEndsTheWriterWithItsReason() throws Exception {
    KinesisUrl url = KinesisLocal.url(KinesisLocal.endpoint(), name, "&create=true");
    try (KinesisStream stream = KinesisStream.open(url);
        KinesisAsyncClient client = KinesisClients.once(url, 5);
        KinesisWriter writer = stream.writer(OversizeHandler.REFUSE)) {
      writer.write(List.of(record("k", "1"))).get(20, TimeUnit.SECONDS);
      Object unused = client.deleteStream(r -> r.streamName(name)).get(10, TimeUnit.SECONDS);

      CompletableFuture<Void> lost = writer.write(List.of(record("k", "2")));

      assertThatThrownBy(() -> lost.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(PipelineException.class)
          .cause()
          .hasMessageContaining("PutRecords: Resource");
      assertThat(writer.write(List.of(record("k", "3")))).isCompletedExceptionally();
    }
  }

  @Test
  void givesUpAfterTheTimeThatWasGiven() throws Exception {
    try (FaultyProxy proxy = faulty(FaultyProxy.Faults.NONE)) {
      KinesisUrl url = KinesisLocal.url(proxy.endpoint(), name, "&shards=1&give_up=300ms");
      try (KinesisStream stream = Changes.openInJson(url);
          KinesisWriter writer = stream.writer(OversizeHandler.REFUSE)) {
        proxy.become(new FaultyProxy.Faults(0, 1, 0, 0));

        CompletableFuture<Void> lost = writer.write(List.of(record("k", "1")));

        assertThatThrownBy(() -> lost.get(20, TimeUnit.SECONDS))
            .cause()
            .hasMessageContaining("InternalFailure");
      }
    }
  }

  private static StreamRecord record(String key, String text) {
    return new StreamRecord(key, text.getBytes(StandardCharsets.UTF_8));
  }

  private static FaultyProxy faulty(FaultyProxy.Faults faults) throws Exception {
    return new FaultyProxy(KinesisLocal.endpoint(), faults, 7);
  }

  private List<StoredRecord> readAll(int atLeast) throws Exception {
    try (KinesisStream stream =
            KinesisStream.open(KinesisLocal.url(KinesisLocal.endpoint(), name, ""));
        KinesisReader reader = stream.reader(shard -> false)) {
      return Changes.readAll(reader, atLeast);
    }
  }
}
