package io.dynapipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.kinesis.KinesisClients;
import io.dynapipe.stream.kinesis.KinesisLocal;
import io.dynapipe.stream.kinesis.KinesisStream;
import io.dynapipe.stream.kinesis.KinesisWriter;
import io.dynapipe.stream.kinesis.OversizeHandler;
import io.dynapipe.stream.kinesis.kcl.DynamoDbLocal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * Workers on eight shards, of which one after another is killed, while a shard is split and two are
 * merged. {@code -Ddynapipe.fleet.workers=3 -Ddynapipe.fleet.kills=9
 * -Ddynapipe.fleet.kill-every=20} is the full size.
 */
class FleetIT {

  private static final Logger LOG = LoggerFactory.getLogger(FleetIT.class);
  private static final int KILLS = Integer.getInteger("dynapipe.fleet.kills", 1);
  private static final Duration KILL_EVERY =
      Duration.ofSeconds(Integer.getInteger("dynapipe.fleet.kill-every", 3));
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int WORKERS = Integer.getInteger("dynapipe.fleet.workers", 2);
  private static final int KEYS = 100;
  private static final String META =
      "\"metadata\":{\"timestamp\":\"2024-07-29T00:57:35.691762Z\",\"record-type\":\"%s\","
          + "\"operation\":\"%s\",\"partition-key-type\":\"primary-key\","
          + "\"schema-name\":\"public\",\"table-name\":\"foo\"}}";
  private static final String CREATE =
      "{\"control\":{\"table-def\":{\"columns\":{\"id\":{\"type\":\"INT32\",\"nullable\":false},"
          + "\"n\":{\"type\":\"INT64\",\"nullable\":true}},\"primary-key\":[\"id\"]}},"
          + META.formatted("control", "create-table");

  @TempDir Path directory;
  private final String name = "fleet-" + UUID.randomUUID();
  private final Map<Integer, Long> written = new HashMap<>();
  private final Deque<Program> workers = new ArrayDeque<>();
  private long number;

  @AfterEach
  void stop() throws InterruptedException {
    for (Program worker : workers) {
      worker.kill();
    }
  }

  @Test
  void nothingIsLostAndNoOlderStateIsLeftWhenWorkersAreKilled() throws Exception {
    String url =
        "kinesis://us-east-1/%s?endpoint=%s&dynamodb_endpoint=%s&application=%s&shards=8&pace=off"
            .formatted(name, KinesisLocal.endpoint(), DynamoDbLocal.endpoint(), name);
    KinesisUrl parsed = (KinesisUrl) StreamUrl.parse(url);
    try (EmbeddedServer server = EmbeddedServer.start("target");
        KinesisStream stream = KinesisStream.open(parsed);
        KinesisWriter writer = stream.writer(OversizeHandler.REFUSE);
        KinesisAsyncClient client = client(parsed)) {
      writer
          .writeToAll((any, shards) -> Collections.nCopies(shards.size(), record(0, CREATE)))
          .join();
      write(writer);
      Instant begin = Instant.now();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(worker(url, server));
      }
      awaitEqual(server);
      LOG.info("all rows are there {} s after the start of {} workers", past(begin), WORKERS);
      for (int kill = 0; kill < KILLS; kill++) {
        if (kill == 0) {
          split(client);
        }
        writeFor(KILL_EVERY, writer);
        workers.remove().kill();
        workers.add(worker(url, server));
        if (kill == KILLS / 2) {
          merge(client);
        }
      }
      writeFor(KILL_EVERY, writer);
      Instant end = Instant.now();
      awaitEqual(server);
      LOG.info(
          "{} changes, {} kills; the last row was there {} s after the last change",
          number,
          KILLS,
          past(end));
      for (Program worker : workers) {
        assertThat(worker.stop().exitCode()).as(worker.errors()).isEqualTo(143);
      }
    }
  }

  private static long past(Instant begin) {
    return Duration.between(begin, Instant.now()).toSeconds();
  }

  private Program worker(String url, EmbeddedServer server) throws Exception {
    return Program.start(
        directory,
        "process",
        "--stream",
        url,
        "--sink",
        server.url("target"),
        "--layout",
        "columns");
  }

  private void writeFor(Duration time, KinesisWriter writer) throws Exception {
    Instant end = Instant.now().plus(time);
    while (Instant.now().isBefore(end)) {
      write(writer);
    }
  }

  /** One change of each row. */
  private void write(KinesisWriter writer) throws Exception {
    List<StreamRecord> records = new ArrayList<>();
    for (int id = 0; id < KEYS; id++) {
      written.put(id, ++number);
      String row = "{\"data\":{\"id\":%d,\"n\":%d},".formatted(id, number);
      records.add(record(id, row + META.formatted("data", "insert")));
    }
    writer.write(records).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private void split(KinesisAsyncClient client) throws Exception {
    reshard(
        client.splitShard(
            r ->
                r.streamName(name)
                    .shardToSplit("shardId-000000000000")
                    .newStartingHashKey("20000000000000000000000000000000000000")));
  }

  private void merge(KinesisAsyncClient client) throws Exception {
    reshard(
        client.mergeShards(
            r ->
                r.streamName(name)
                    .shardToMerge("shardId-000000000003")
                    .adjacentShardToMerge("shardId-000000000004")));
  }

  private static void reshard(CompletableFuture<?> call) throws Exception {
    Object unused = call.get(10, TimeUnit.SECONDS);
  }

  private static KinesisAsyncClient client(KinesisUrl url) {
    var builder = KinesisAsyncClient.builder();
    KinesisClients.configure(builder, url.region(), url.endpoint(), 2, Protocol.HTTP1_1);
    return builder.build();
  }

  private static StreamRecord record(int id, String event) {
    return new StreamRecord("public.foo." + id, event.getBytes(StandardCharsets.UTF_8));
  }

  private void awaitEqual(EmbeddedServer server) throws Exception {
    Instant limit = Instant.now().plus(LIMIT);
    Map<Integer, Long> found = rows(server);
    while (!found.equals(written) && Instant.now().isBefore(limit)) {
      for (Program worker : workers) {
        assertThat(worker.isAlive()).as(worker.errors()).isTrue();
      }
      TimeUnit.MILLISECONDS.sleep(100);
      found = rows(server);
    }
    assertThat(found).as(workers.element().errors()).isEqualTo(written);
  }

  private static Map<Integer, Long> rows(EmbeddedServer server) throws SQLException {
    Map<Integer, Long> rows = new HashMap<>();
    String url = server.url("target").replace("postgresql://postgres@", "jdbc:postgresql://");
    try (Connection connection = DriverManager.getConnection(url, "postgres", "");
        Statement statement = connection.createStatement()) {
      try (ResultSet exists = statement.executeQuery("SELECT to_regclass('public.foo')")) {
        if (!exists.next() || exists.getString(1) == null) {
          return rows;
        }
      }
      try (ResultSet result = statement.executeQuery("SELECT id, n FROM public.foo")) {
        while (result.next()) {
          rows.put(result.getInt(1), result.getLong(2));
        }
      }
    }
    return rows;
  }
}
