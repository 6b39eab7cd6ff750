package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.sink.Layout;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsAsyncClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponseHandler;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** What the AWS SDK for Java does over its own wire: CBOR for Kinesis, an event stream for logs. */
final class SdkIT {

  private static final StaticCredentialsProvider ANY =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"));
  private static final int ROWS = 300;

  @TempDir private static Path directory;
  private static EmbeddedServer server;
  private static Service service;
  private static ApiClient api;

  @BeforeAll
  static void open() {
    server = EmbeddedServer.start("source", "target");
    server.execute(
        "source",
        "CREATE TABLE foo (id int PRIMARY KEY, name text)",
        "INSERT INTO foo SELECT g, 'name ' || g FROM generate_series(1, " + ROWS + ") g");
    service =
        new Service(
            new ServiceSettings(
                directory.resolve("state"),
                SinkUrl.parse(server.url("target"), Map.of()),
                Layout.DOCUMENT,
                ServiceSettings.LOCAL_ACCOUNT,
                "127.0.0.1",
                0));
    api = new ApiClient(service.port());
    load();
  }

  @AfterAll
  static void close() {
    service.close();
    server.close();
  }

  private static String ok(String operation, String json, String path) {
    ApiClient.Reply reply = api.dms(operation, json);
    assertThat(reply.status()).as("%s: %s", operation, reply.body()).isEqualTo(200);
    return reply.body().at(path).asText();
  }

  private static void load() {
    String source =
        ok(
            "CreateEndpoint",
            "{'EndpointIdentifier':'source','EndpointType':'source','EngineName':'postgres',"
                + "'Username':'postgres','ServerName':'127.0.0.1','DatabaseName':'source','Port':"
                + server.port()
                + "}",
            "/Endpoint/EndpointArn");
    String target =
        ok(
            "CreateEndpoint",
            "{'EndpointIdentifier':'target','EndpointType':'target','EngineName':'kinesis',"
                + "'KinesisSettings':{'StreamArn':"
                + "'arn:aws:kinesis:us-east-1:000000000000:stream/sdk',"
                + "'ServiceAccessRoleArn':'arn:aws:iam::000000000000:role/any'}}",
            "/Endpoint/EndpointArn");
    String config =
        ok(
            "CreateReplicationConfig",
            "{'ReplicationConfigIdentifier':'sdk','SourceEndpointArn':'"
                + source
                + "','TargetEndpointArn':'"
                + target
                + "','ReplicationType':'full-load','ComputeConfig':{'MaxCapacityUnits':1},"
                + "'TableMappings':'{\\'rules\\':[{\\'rule-type\\':\\'selection\\',\\'rule-id\\':"
                + "\\'1\\',\\'rule-name\\':\\'1\\',\\'rule-action\\':\\'include\\',"
                + "\\'object-locator\\':{\\'schema-name\\':\\'public\\',\\'table-name\\':"
                + "\\'%\\'}}]}'}",
            "/ReplicationConfig/ReplicationConfigArn");
    ok(
        "StartReplication",
        "{'ReplicationConfigArn':'" + config + "','StartReplicationType':'start-replication'}",
        "");
  }

  private static URI uri() {
    return URI.create("http://localhost:" + service.port());
  }

  @Test
  void readsAStream() throws InterruptedException {
    try (KinesisAsyncClient kinesis =
        KinesisAsyncClient.builder()
            // It would speak HTTP/2 at once, which Kinesis has and this service has not.
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1))
            .endpointOverride(uri())
            .region(Region.US_EAST_1)
            .credentialsProvider(ANY)
            .build()) {
      assertThat(kinesis.listStreams().join().streamNames()).contains("sdk");
      String shard = kinesis.listShards(r -> r.streamName("sdk")).join().shards().get(0).shardId();
      String iterator =
          kinesis
              .getShardIterator(
                  r ->
                      r.streamName("sdk")
                          .shardId(shard)
                          .shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
                          .timestamp(Instant.parse("2020-01-01T00:00:00Z")))
              .join()
              .shardIterator();
      List<String> loads = new ArrayList<>();
      Instant first = Instant.MAX;
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (loads.size() < ROWS) {
        assertThat(System.nanoTime() - deadline).as("records: %s", loads.size()).isNegative();
        String place = iterator;
        GetRecordsResponse page = kinesis.getRecords(r -> r.shardIterator(place).limit(100)).join();
        for (var record : page.records()) {
          Instant arrival = record.approximateArrivalTimestamp();
          first = arrival.isBefore(first) ? arrival : first;
          String event = record.data().asString(StandardCharsets.UTF_8);
          if (event.contains("\"load\"")) {
            loads.add(record.sequenceNumber());
          }
        }
        iterator = page.nextShardIterator();
        TimeUnit.MILLISECONDS.sleep(page.records().isEmpty() ? 200 : 0);
      }
      assertThat(loads).hasSize(ROWS).doesNotHaveDuplicates();
      assertThat(first).isAfter(Instant.now().minusSeconds(600));
      assertThatThrownBy(() -> kinesis.describeStream(r -> r.streamName("none")).join())
          .hasMessageContaining("not found");
    }
  }

  @Test
  void followsALog() throws Exception {
    Path log = Files.writeString(directory.resolve("postgresql.log"), "it starts\n");
    service.followLog("/aws/rds/instance/demo/postgresql", "demo.0", log);
    List<String> lines = new ArrayList<>();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    try (CloudWatchLogsAsyncClient logs =
        CloudWatchLogsAsyncClient.builder()
            .endpointOverride(uri())
            .region(Region.US_EAST_1)
            .credentialsProvider(ANY)
            .overrideConfiguration(
                o ->
                    o.putAdvancedOption(
                        SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true))
            .build()) {
      CompletableFuture<Void> tail =
          logs.startLiveTail(
              r ->
                  r.logGroupIdentifiers(
                      "arn:aws:logs:us-east-1:000000000000:log-group:"
                          + "/aws/rds/instance/demo/postgresql"),
              StartLiveTailResponseHandler.builder()
                  .subscriber(
                      StartLiveTailResponseHandler.Visitor.builder()
                          .onSessionStart(start -> started.countDown())
                          .onSessionUpdate(
                              update ->
                                  update
                                      .sessionResults()
                                      .forEach(
                                          line -> {
                                            lines.add(line.message());
                                            seen.countDown();
                                          }))
                          .build())
                  .build());
      assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
      Files.writeString(log, "a checkpoint is complete\n", StandardOpenOption.APPEND);
      assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(lines).contains("a checkpoint is complete");
      tail.cancel(true);
    }
  }
}
