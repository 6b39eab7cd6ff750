package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.sink.Layout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What settings and operations do to tasks of the service that run. */
final class TaskIT {

  private static final int ROWS = 3_000;
  private static final long HELD_BYTES = 200_000;

  @TempDir private static Path directory;
  private static EmbeddedServer server;
  private static Service service;
  private static Replications tasks;

  @BeforeAll
  static void open() {
    server = EmbeddedServer.start("source", "target");
    service =
        new Service(
            new ServiceSettings(
                directory.resolve("state"),
                SinkUrl.parse(server.url("target"), Map.of()),
                Layout.DOCUMENT,
                ServiceSettings.LOCAL_ACCOUNT,
                "127.0.0.1",
                0));
    tasks = new Replications(new ApiClient(service.port()));
  }

  @AfterAll
  static void close() {
    service.close();
    server.close();
  }

  private static void table(String name) {
    server.execute(
        "source",
        "CREATE TABLE " + name + " (id int PRIMARY KEY, v text)",
        "INSERT INTO "
            + name
            + " SELECT g, repeat(md5(g::text), 6) FROM generate_series(1, "
            + ROWS
            + ") g");
  }

  private static List<String> states(String config) {
    List<String> states = new ArrayList<>();
    tasks.tables(config).forEach(table -> states.add(table.path("TableState").asText()));
    return states;
  }

  /** One reader is in the first table, so that the others wait; what is asked meanwhile, too. */
  @Test
  void loadsOneTableAfterTheOtherAndReloadsWhenTheLoadHasEnded() throws Exception {
    List.of("one_1", "one_2", "one_3").forEach(TaskIT::table);
    try (SlowWire wire = new SlowWire(server.port(), HELD_BYTES)) {
      String config =
          tasks.create(
              "one",
              wire.port(),
              "full-load-and-cdc",
              "one%",
              "{\"FullLoadSettings\":{\"MaxFullLoadSubTasks\":1}}");
      tasks.start(config, "");
      wire.awaitHeld();
      assertThat(states(config))
          .containsExactlyInAnyOrder("Full load", "Before load", "Before load");
      JsonNode stats = tasks.show(config).path("ReplicationStats");
      assertThat(stats.path("TablesLoading").asInt()).isEqualTo(1);
      assertThat(stats.path("TablesQueued").asInt()).isEqualTo(2);

      tasks.ok(
          "ReloadReplicationTables",
          "{'ReplicationConfigArn':'"
              + config
              + "','TablesToReload':[{'SchemaName':'public','TableName':'one_3'}]}");
      assertThat(states(config)).contains("Before load");
      wire.letGo();
      Replications.await(
          () -> "a load of one_3 after the first: " + tasks.tables(config),
          () ->
              tasks.tables(config).get(2).path("FullLoadReloaded").asBoolean()
                  && states(config).stream().allMatch("Table completed"::equals)
                  && tasks.tables(config).get(2).path("FullLoadRows").asInt() == ROWS);
      for (JsonNode table : tasks.tables(config)) {
        assertThat(table.path("FullLoadRows").asInt()).as("%s", table).isEqualTo(ROWS);
      }
      assertThat(tasks.tables(config).get(0).path("FullLoadReloaded").asBoolean()).isFalse();
      server.execute("source", "UPDATE one_3 SET v = 'changed' WHERE id = 1");
      Replications.await(
          () -> "a change after the loads: " + tasks.tables(config),
          () -> tasks.tables(config).get(2).path("AppliedUpdates").asInt() == 1);
      tasks.stop(config);
    }
  }

  @Test
  void writesNoLogWithoutEnableLogging() throws InterruptedException {
    table("quiet");
    String off = "{\"Logging\":{\"EnableLogging\":false}}";
    String quiet = tasks.create("quiet", server.port(), "full-load", "quiet", off);
    String loud = tasks.create("loud", server.port(), "full-load", "quiet", "");
    for (String config : List.of(quiet, loud)) {
      tasks.start(config, "");
      tasks.await(config, "stopped");
    }
    assertThat(tasks.logGroups())
        .contains("dms-serverless-replication-loud")
        .doesNotContain("dms-serverless-replication-quiet");
  }
}
