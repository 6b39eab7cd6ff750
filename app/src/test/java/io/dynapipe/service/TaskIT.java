package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.sink.Layout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
    service = service("state");
    tasks = new Replications(new ApiClient(service.port()));
  }

  private static Service service(String state) {
    return new Service(
        new ServiceSettings(
            directory.resolve(state),
            SinkUrl.parse(server.url("target"), Map.of()),
            Layout.DOCUMENT,
            ServiceSettings.LOCAL_ACCOUNT,
            "127.0.0.1",
            0));
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

  /** Port 1 has no server: the task fails before it has anything to write. */
  @Test
  void streamIsThereWhenTheStartIsAnswered() throws InterruptedException {
    String config = tasks.create("early", 1, "cdc", "early", "");
    ApiClient api = new ApiClient(service.port());
    assertThat(streams(api)).doesNotContain("early");
    assertThat(tasks.tryStart(config, "start-replication", "").status()).isEqualTo(200);
    assertThat(streams(api)).contains("early");
    tasks.await(config, "failed");
  }

  private static List<String> streams(ApiClient api) {
    List<String> names = new ArrayList<>();
    api.send("Kinesis_20131202.ListStreams", "{}".getBytes(StandardCharsets.UTF_8), "POST")
        .body()
        .path("StreamNames")
        .forEach(name -> names.add(name.asText()));
    return names;
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

  private static String metric(Service of, String name) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + of.port() + "/metrics")).build();
    try {
      return HttpClient.newHttpClient()
          .send(request, HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith(name + " "))
          .findAny()
          .orElse("no " + name);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void countsWhatIsInQuarantineWhoeverPutItThere() throws Exception {
    server.execute("source", "CREATE TABLE odd (id int PRIMARY KEY)");
    String config = tasks.create("odd", server.port(), "full-load-and-cdc", "odd", "");
    tasks.start(config, "");
    Replications.await(
        () -> "an empty table: " + tasks.tables(config),
        () ->
            tasks.table(config).path("AppliedDdls").asInt() > 0
                && tasks.table(config).path("TableState").asText().equals("Table completed"));
    server.execute(
        "target", "ALTER TABLE public.odd ADD CONSTRAINT sense CHECK (data->>'id' <> '13')");
    server.execute("source", "INSERT INTO odd VALUES (12), (13)");
    String entries = "dynapipe_quarantine_entries";
    Replications.await(
        () -> metric(service, entries), () -> metric(service, entries).equals(entries + " 1"));
    assertThat(metric(service, "dynapipe_quarantined_total")).endsWith(" 1");
    try (Service other = service("other")) {
      Replications stream = new Replications(new ApiClient(other.port()));
      // The sink is opened with the first stream.
      stream.ok(
          "TestConnection",
          "{'ReplicationInstanceArn':'arn:aws:dms:us-east-1:000000000000:rep:LOCAL',"
              + "'EndpointArn':'"
              + stream.target("odd", "arn:aws:kinesis:us-east-1:000000000000:stream/odd")
              + "'}");
      Replications.await(
          () -> metric(other, entries), () -> metric(other, entries).equals(entries + " 1"));
      assertThat(metric(other, "dynapipe_quarantined_total")).endsWith(" 0");
    }
    tasks.stop(config);
  }
}
