package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.sink.Layout;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where changes begin and end, when a request says so; each test has a slot of its own. */
final class CdcPositionsIT {

  private static final String NOW =
      "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')";

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

  private static List<String> query(String database, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database, "postgres", "");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  /** A table with a publication, a slot that keeps its changes, and a task that begins there. */
  private static String prepare(String name) throws SQLException {
    server.execute(
        "source",
        "CREATE TABLE " + name + " (id int PRIMARY KEY)",
        "CREATE PUBLICATION " + name + " FOR TABLE " + name);
    assertThat(
            query(
                "source",
                "SELECT slot_name FROM pg_create_logical_replication_slot('"
                    + name
                    + "', 'pgoutput')"))
        .hasSize(1);
    return tasks.create(
        name,
        tasks.source(name, server.port(), "{\"SlotName\":\"" + name + "\"}"),
        tasks.target(name, "arn:aws:kinesis:us-east-1:000000000000:stream/" + name),
        "cdc",
        name,
        "");
  }

  private static void insert(String table, int id) {
    server.execute("source", "INSERT INTO " + table + " VALUES (" + id + ")");
  }

  private static void awaitInserts(String config, int count) throws InterruptedException {
    Replications.await(
        () -> count + " inserts in " + tasks.tables(config),
        () -> tasks.table(config).path("AppliedInserts").asInt() == count);
  }

  private static List<String> ids(String table) throws SQLException {
    return query("target", "SELECT data->>'id' FROM public." + table + " ORDER BY 1");
  }

  private static String start(String position) {
    return "{\"CdcStartPosition\":\"" + position + "\"}";
  }

  @Test
  void beginsAtAPositionOfASlotThatIsThere() throws Exception {
    String config = prepare("begins");
    insert("begins", 1);
    String position = query("source", "SELECT pg_current_wal_insert_lsn()").get(0);
    insert("begins", 2);
    tasks.start(config, start(position));
    awaitInserts(config, 1);
    assertThat(ids("begins")).containsExactly("2");
    assertThat(tasks.show(config).path("CdcStartPosition").asText()).isEqualTo(position);
    tasks.stop(config);

    // A checkpoint is a position, too, and tasks without load may start anew.
    String checkpoint = tasks.show(config).path("RecoveryCheckpoint").asText();
    assertThat(checkpoint).startsWith("checkpoint:V1#0#");
    insert("begins", 3);
    tasks.start(config, start(checkpoint));
    awaitInserts(config, 1);
    assertThat(ids("begins")).containsExactly("2", "3");
    tasks.stop(config);
    tasks.delete(config);
    assertThat(query("source", "SELECT slot_name FROM pg_replication_slots"))
        .as("a slot of somebody else stays")
        .contains("begins");
  }

  private static void endsBefore(String name, String position, String reason) throws Exception {
    String config = prepare(name);
    insert(name, 1);
    String time = query("source", NOW).get(0);
    insert(name, 2);
    tasks.start(config, "{\"CdcStopPosition\":\"" + position + time + "\"}");
    tasks.await(config, "stopped");
    assertThat(tasks.show(config).path("StopReason").asText()).isEqualTo("Stop Reason " + reason);
    assertThat(tasks.show(config).path("CdcStopPosition").asText()).isEqualTo(position + time);
    assertThat(ids(name)).containsExactly("1");

    assertThat(tasks.tryStart(config, "resume-processing", "").status()).isEqualTo(200);
    awaitInserts(config, 2);
    assertThat(ids(name)).containsExactly("1", "2");
    tasks.stop(config);
  }

  @Test
  void endsBeforeTheFirstCommitThatIsTooLate() throws Exception {
    endsBefore("commits", "commit_time:", "STOPPED_AT_COMMIT_TIME");
  }

  @Test
  void endsAtATimeOfTheServer() throws Exception {
    endsBefore("serves", "server_time:", "STOPPED_AT_SERVER_TIME");
  }

  @Test
  void failsWhenTheSlotIsBeyondThePosition() throws Exception {
    String config = prepare("beyond");
    tasks.start(config, start("0/1"));
    tasks.await(config, "failed");
    assertThat(tasks.show(config).path("FailureMessages").get(0).asText())
        .contains("what lies between is lost");
  }

  @Test
  void failsWhenTheSlotIsNotThere() throws Exception {
    server.execute("source", "CREATE TABLE missing (id int PRIMARY KEY)");
    String config =
        tasks.create(
            "missing",
            tasks.source("missing", server.port(), "{\"SlotName\":\"nowhere\"}"),
            tasks.target("missing", "arn:aws:kinesis:us-east-1:000000000000:stream/missing"),
            "cdc",
            "missing",
            "");
    tasks.start(config, "");
    tasks.await(config, "failed");
    assertThat(tasks.show(config).path("FailureMessages").get(0).asText())
        .contains("the replication slot nowhere does not exist");
  }

  private static void refuses(String config, String type, String more, String fault, String says) {
    ApiClient.Reply reply = tasks.tryStart(config, type, more);
    assertThat(reply.status()).as("%s: %s", more, reply.body()).isEqualTo(400);
    assertThat(reply.fault()).as("%s: %s", more, reply.body()).isEqualTo(fault);
    assertThat(reply.message()).contains(says);
  }

  @Test
  void refusesWhatCannotBeKeptTo() throws InterruptedException {
    server.execute("source", "CREATE TABLE refused (id int PRIMARY KEY)");
    String combination = "InvalidParameterCombinationException";
    String start = "start-replication";
    String loads = tasks.create("loads", server.port(), "full-load-and-cdc", "refused", "");
    refuses(loads, start, start("0/1"), combination, "migration type cdc only");
    String loadsOnly = tasks.create("loads-only", server.port(), "full-load", "refused", "");
    String stop = "{\"CdcStopPosition\":\"server_time:2030-01-01T00:00:00\"}";
    refuses(loadsOnly, start, stop, combination, "full-load");
    String config = tasks.create("refused", server.port(), "cdc", "refused", "");
    refuses(config, start, start("0/1"), combination, "SlotName");
    refuses(config, start, "{\"CdcStartTime\":1530768000}", combination, "PostgreSQL");
    refuses(
        config,
        start,
        "{\"CdcStartTime\":1530768000,\"CdcStartPosition\":\"0/1\"}",
        combination,
        "both");
    String value = "InvalidParameterValueException";
    refuses(config, start, start("2018-03-08T12:12:12"), value, "LSN");
    refuses(config, start, "{\"CdcStopPosition\":\"tomorrow\"}", value, "server_time:");
    assertThat(tasks.show(config).path("Status").asText()).isEqualTo("created");

    tasks.start(config, stop);
    tasks.await(config, "running");
    tasks.stop(config);
    refuses(config, "resume-processing", start("0/1"), combination, "resume-processing");
  }
}
