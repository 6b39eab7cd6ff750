package io.dynapipe.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The function called as Lambda calls it, with a real PostgreSQL as its sink. */
class KinesisHandlerIT {

  private static final String ALL_APPLIED = "{\"batchItemFailures\":[]}";

  private static EmbeddedPostgres server;
  private String table;
  private Messages foo;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void nameTable(TestInfo test) {
    table = test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
    foo = new Messages(table);
  }

  @Test
  void appliesABatchAndLogsOneLine() throws Exception {
    Function function = function();

    String answer =
        function.invoke(
            KinesisEvent.of(1, foo.create(), foo.insert(1, "a"), foo.insert(2, "b"))
                .and(KinesisEvent.of(4, foo.update(1, "c"))));

    assertThat(answer).isEqualTo(ALL_APPLIED);
    assertThat(rows())
        .containsExactly("{\"id\": 1, \"name\": \"c\"}", "{\"id\": 2, \"name\": \"b\"}");
    assertThat(function.lines).hasSize(1);
    assertThat(function.lines.get(0))
        .startsWith(
            "{\"level\":\"INFO\",\"message\":\"batch applied\","
                + "\"request_id\":\"c6af9ac6-7b61-11e6-9a41-93e8deadbeef\","
                + "\"shard\":\"shardId-000000000006\",\"first\":\""
                + KinesisEvent.sequenceNumber(1)
                + "\",\"last\":\""
                + KinesisEvent.sequenceNumber(4)
                + "\",\"records\":4,\"loads\":0,\"inserts\":2,\"updates\":1,\"deletes\":0,"
                + "\"table_changes\":1,\"quarantined\":0,\"unreadable\":0,\"millis\":")
        .contains("\"behind_millis\":")
        .doesNotContain("\n");
  }

  @Test
  void setsAFirstBadRecordAsideAndAppliesTheRest() throws Exception {
    Function function = function();
    function.invoke(KinesisEvent.of(1, foo.create()));

    String answer =
        function.invoke(KinesisEvent.of(2, "no JSON", foo.insert(1, "a"), foo.insert(2, "b")));

    assertThat(answer).isEqualTo(ALL_APPLIED);
    assertThat(rows()).hasSize(2);
    assertThat(quarantined("unreadable")).contains(KinesisEvent.sequenceNumber(2));
    assertThat(function.lines.get(1))
        .contains("\"unreadable\":1")
        .contains("\"first_quarantined_reason\":\"")
        .contains("not JSON");
  }

  @Test
  void setsAMiddleBadRecordAsideAndOnlyItsKeyWaits() throws Exception {
    Function function = function();

    String answer =
        function.invoke(
            KinesisEvent.of(
                1,
                foo.create(),
                foo.insert(1, "a"),
                foo.row("update", "\"name\":\"no key\""),
                foo.insert(2, "b")));

    assertThat(answer).isEqualTo(ALL_APPLIED);
    assertThat(rows())
        .containsExactly("{\"id\": 1, \"name\": \"a\"}", "{\"id\": 2, \"name\": \"b\"}");
    assertThat(function.lines.get(0)).contains("\"quarantined\":1");
  }

  @Test
  void namesTheFirstRecordWhenTheSinkIsDownAndAppliesItWhenItIsBack() throws Exception {
    int port = freePort();
    Function function =
        new Function(
            Map.of(
                "DYNAPIPE_SINK", "postgresql://postgres@127.0.0.1:" + port + "/postgres",
                "DYNAPIPE_RETRY_LIMIT", "100ms",
                "USE_BATCH_PROCESSING", "true"));
    KinesisEvent event = KinesisEvent.of(5, foo.create(), foo.insert(1, "a"));

    assertThat(function.invoke(event))
        .isEqualTo(
            "{\"batchItemFailures\":[{\"itemIdentifier\":\""
                + KinesisEvent.sequenceNumber(5)
                + "\"}]}");
    assertThat(function.lines.get(0))
        .contains("\"level\":\"ERROR\"")
        .contains("\"failed\":\"" + KinesisEvent.sequenceNumber(5) + "\"")
        .contains("\"error\":\"");

    try (EmbeddedPostgres late = EmbeddedPostgres.builder().setPort(port).start()) {
      assertThat(function.invoke(event)).isEqualTo(ALL_APPLIED);
      assertThat(rows(late)).containsExactly("{\"id\": 1, \"name\": \"a\"}");
    }
  }

  @Test
  void failsTheInvocationWhenItIsNotToAnswerWithItems() throws Exception {
    Function function =
        new Function(
            Map.of(
                "SINK_SQLALCHEMY_URL",
                "crate://127.0.0.1:" + freePort() + "/",
                "DYNAPIPE_RETRY_LIMIT",
                "100ms"));

    assertThatThrownBy(() -> function.invoke(KinesisEvent.of(5, foo.create())))
        .isInstanceOf(PipelineException.class);
    assertThat(function.lines.get(0)).contains("\"level\":\"ERROR\"");
  }

  @Test
  void keepsTheOrderOfEachShardShouldAnEventHoldSeveral() throws Exception {
    Messages bar = new Messages("bar");
    Function function = function();

    String answer =
        function.invoke(
            KinesisEvent.of("shardId-000000000001", 1, foo.create(), foo.insert(1, "a"))
                .and(KinesisEvent.of("shardId-000000000002", 1, bar.create(), bar.insert(1, "x")))
                .and(KinesisEvent.of("shardId-000000000001", 3, foo.update(1, "b"))));

    assertThat(answer).isEqualTo(ALL_APPLIED);
    assertThat(rows()).containsExactly("{\"id\": 1, \"name\": \"b\"}");
    assertThat(function.lines).hasSize(2);
  }

  @Test
  void knowsWhatAnotherExecutionEnvironmentDid() throws Exception {
    Function one = function();
    Function other = function();
    one.invoke(KinesisEvent.of(1, foo.create(), foo.insert(1, "a")));
    other.invoke(KinesisEvent.of(3, foo.insert("[]", "bad"), foo.insert(2, "b")));
    one.invoke(KinesisEvent.of(5, foo.addColumn(), foo.row("insert", "\"id\":3,\"late\":\"c\"")));
    other.invoke(KinesisEvent.of(7, foo.row("update", "\"id\":3,\"late\":\"d\"")));

    assertThat(rows()).contains("{\"id\": 3, \"late\": \"d\"}");
  }

  @Test
  void acceptsAnEventWithoutRecords() throws Exception {
    assertThat(function().invoke(new KinesisEvent())).isEqualTo(ALL_APPLIED);
  }

  private static Function function() {
    return new Function(
        Map.of(
            "DYNAPIPE_SINK",
            "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres",
            "USE_BATCH_PROCESSING",
            "true"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private List<String> rows() throws SQLException {
    return rows(server);
  }

  private List<String> rows(EmbeddedPostgres target) throws SQLException {
    return query(target, "SELECT data FROM public." + table + " ORDER BY data->'id'");
  }

  private static List<String> quarantined(String operation) throws SQLException {
    return query(
        server,
        "SELECT sequence_number FROM dynapipe.quarantine WHERE operation = '" + operation + "'");
  }

  private static List<String> query(EmbeddedPostgres target, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = target.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}
