package io.dynapipe.task;

import static io.dynapipe.demo.EmbeddedQuery.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.config.SourceUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.sink.Layout;
import io.dynapipe.stream.kinesis.KinesisLocal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row that is larger than a record of the stream may be. */
class OversizeIT {

  private static final String LARGE = "repeat('\u00e4\u2603 and more ', 120000)";

  @TempDir Path state;

  @Test
  void goesToTheQuarantineWholeAndLaterRowsOfItsKeyFollow() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("source", "target")) {
      replicate(server, "");

      assertThat(
              rows(server.url("target"), "SELECT id || '|' || length(text) FROM foo ORDER BY id"))
          .containsExactly("1|5", "3|5");
      assertThat(
              rows(server.url("target"), "SELECT key || ' ' || operation FROM dynapipe.quarantine"))
          .hasSize(2)
          .allMatch(entry -> entry.startsWith("2") || entry.contains("2"));
      assertThat(
              rows(server.url("target"), "SELECT max(length(event))::text FROM dynapipe.quarantine")
                  .get(0))
          .satisfies(length -> assertThat(Integer.parseInt(length)).isGreaterThan(1_400_000));
      assertThat(
              rows(server.url("target"), "SELECT reason FROM dynapipe.quarantine ORDER BY id")
                  .get(0))
          .contains("more than the stream takes");
    }
  }

  @Test
  void isJoinedAndAppliedWhenItIsSplit() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("source", "target")) {
      replicate(server, "&oversize=split");

      assertThat(
              rows(server.url("target"), "SELECT id || '|' || length(text) FROM foo ORDER BY id"))
          .containsExactly("1|5", "2|6", "3|5", "4|1440000");
      assertThat(rows(server.url("target"), "SELECT id FROM dynapipe.quarantine")).isEmpty();
      assertThat(
              rows(
                  server.url("target"),
                  "SELECT name FROM dynapipe.bookmarks WHERE owner LIKE 'oversize%'"))
          .containsOnly("handled");
    }
  }

  private void replicate(EmbeddedServer server, String parameter) throws Exception {
    String stream =
        "kinesis://us-east-1/stream-%s?endpoint=%s&shards=2&pace=false%s"
            .formatted(UUID.randomUUID(), KinesisLocal.endpoint(), parameter);
    server.execute("source", "CREATE TABLE foo (id INT PRIMARY KEY, text TEXT)");
    try (LocalPipeline pipeline =
        new LocalPipeline(
            SourceUrl.parse(server.url("source"), Map.of()),
            SinkUrl.parse(server.url("target"), Map.of()),
            Layout.COLUMNS,
            StreamUrl.parse(stream),
            state,
            TaskDefinition.of(
                    "TEST",
                    MigrationType.FULL_LOAD_AND_CDC,
                    TableMappings.ofPatterns(List.of("public.foo")))
                .withSeveralShards(true))) {
      pipeline.start(StartType.START_REPLICATION);
      awaitApplied(pipeline);
      server.execute(
          "source",
          "INSERT INTO foo VALUES (1, 'small'), (2, " + LARGE + "), (3, 'small')",
          "UPDATE foo SET text = 'second' WHERE id = 2");
      if (!parameter.isEmpty()) {
        server.execute("source", "INSERT INTO foo VALUES (4, " + LARGE + ")");
      }
      awaitApplied(pipeline);
    }
  }

  private static void awaitApplied(LocalPipeline pipeline) throws InterruptedException {
    assertThat(
            pipeline
                .pipeline()
                .awaitApplied(Sources.currentPosition(pipeline.source()), Duration.ofMinutes(2)))
        .isTrue();
  }
}
