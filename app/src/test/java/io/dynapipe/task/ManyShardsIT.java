package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.config.SourceUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.event.Lsn;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.sink.Layout;
import io.dynapipe.stream.kinesis.KinesisLocal;
import io.dynapipe.stream.kinesis.Moto;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes of rows and tables through streams of several shards, each read at its own pace. {@code
 * -Ddynapipe.changes=100000} plays more of them.
 */
class ManyShardsIT {

  private static final int CHANGES = Integer.getInteger("dynapipe.changes", 1_000);
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path state;

  @Test
  void sixteenShardsOfTheEmbeddedStream() throws Exception {
    replicate("embedded:?shards=16");
  }

  @Test
  void fourShardsOfKinesisLocal() throws Exception {
    replicate(kinesis(KinesisLocal.endpoint()));
  }

  @Test
  void fourShardsOfMoto() throws Exception {
    String url = kinesis(Moto.endpoint());
    System.setProperty("aws.cborEnabled", "false");
    try {
      replicate(url);
    } finally {
      System.clearProperty("aws.cborEnabled");
    }
  }

  private static String kinesis(URI endpoint) {
    return "kinesis://us-east-1/stream-%s?endpoint=%s&shards=4&pace=false"
        .formatted(UUID.randomUUID(), endpoint);
  }

  private void replicate(String stream) throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("source", "target")) {
      RandomChanges changes = new RandomChanges(server, Long.getLong("dynapipe.seed", 5));
      changes.createTables();
      try (LocalPipeline pipeline = pipeline(server, stream)) {
        pipeline.start(StartType.START_REPLICATION);
        // A load reads tables as they are when it begins.
        awaitApplied(pipeline);
        changes.play(CHANGES, true);
        awaitEqual(pipeline, changes);
      }
    }
  }

  /** A table that was made anew is found at the next look at the catalogue, each ten seconds. */
  private static void awaitEqual(LocalPipeline pipeline, RandomChanges changes) throws Exception {
    // A slow emulator is far behind when the last change has been made.
    awaitApplied(pipeline);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      awaitApplied(pipeline);
      try {
        changes.assertEqual();
        return;
      } catch (AssertionError | SQLException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(500);
      }
    }
  }

  private static void awaitApplied(LocalPipeline pipeline) throws InterruptedException {
    Lsn end = Sources.currentPosition(pipeline.source());
    assertThat(pipeline.pipeline().awaitApplied(end, LIMIT)).isTrue();
  }

  private LocalPipeline pipeline(EmbeddedServer server, String stream) {
    return new LocalPipeline(
        SourceUrl.parse(server.url("source"), Map.of()),
        SinkUrl.parse(server.url("target"), Map.of()),
        Layout.COLUMNS,
        StreamUrl.parse(stream),
        state,
        TaskDefinition.of(
                "TEST",
                MigrationType.FULL_LOAD_AND_CDC,
                TableMappings.ofPatterns(List.of("public.%")))
            .withSeveralShards(true));
  }
}
