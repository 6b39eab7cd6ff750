package io.dynapipe.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.config.SourceUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.error.PipelineException;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.source.postgres.PostgresConnections;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each finding has a test in which it is found, and one in which it is not. */
class PreflightIT {

  private static final Preflight.Limits STRICT = new Preflight.Limits(Duration.ZERO, 0);

  private static EmbeddedServer server;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedServer.start("source", "target");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void reset() {
    server.execute(
        "source",
        "DROP SCHEMA IF EXISTS app CASCADE",
        "CREATE SCHEMA app",
        "CREATE TABLE app.orders (id INT PRIMARY KEY, item TEXT)");
  }

  @Test
  void findsNothingInTheWayOfAnOrdinaryTask() {
    server.execute(
        "source",
        "INSERT INTO app.orders SELECT g, 'item' FROM generate_series(1, 5000) g",
        "ANALYZE app.orders");

    Report report = check(postgres("target"), null);

    assertThat(report.worst()).isEqualTo(Severity.INFO);
    assertThat(report.findings()).extracting(Finding::check).containsOnly("slot-wal-keep-size");
    Estimate estimate = report.estimate();
    assertThat(estimate).isNotNull();
    assertThat(estimate.rows()).isEqualTo(5000);
    assertThat(estimate.crateColumns()).isEqualTo(2);
    assertThat(estimate.sample()).isNotNull();
    assertThat(estimate.sample().rows()).isEqualTo(5000);
    assertThat(estimate.loadTime()).isPositive();
    assertThat(estimate.shards()).isPositive();
  }

  @Test
  void findsWhatTablesLack() {
    server.execute(
        "source",
        "CREATE TABLE app.loose (a INT, twice INT GENERATED ALWAYS AS (a * 2) STORED)",
        "CREATE TABLE app.whole (a NUMERIC)",
        "ALTER TABLE app.whole REPLICA IDENTITY FULL",
        "CREATE UNLOGGED TABLE app.scratch (id INT PRIMARY KEY)",
        "CREATE TABLE app.large (id INT PRIMARY KEY, t TEXT)",
        "ALTER TABLE app.large ALTER t SET STORAGE EXTERNAL",
        "INSERT INTO app.large VALUES (1, repeat('x', 100000))");

    Report report = check(crate("127.0.0.1:1"), StreamUrl.parse("kinesis://eu-west-1/s"));

    assertThat(found(report))
        .contains(
            "WARNING replica-identity app.loose",
            "INFO generated-columns app.loose",
            "INFO primary-key app.whole",
            "INFO numeric-without-precision app.whole",
            "WARNING relation-kind app.scratch",
            "WARNING record-size app.large",
            "ERROR sink null")
        .noneMatch(finding -> finding.contains("app.orders"));
    assertThat(report.findings().get(0).severity()).isEqualTo(Severity.ERROR);
  }

  @Test
  void looksLessCloselyAtALoadWithoutChanges() {
    server.execute("source", "CREATE TABLE app.loose (a INT)");

    Report report =
        new Preflight(
                url("source", "postgres"), mappings(), false, null, null, Preflight.Limits.DEFAULT)
            .run();

    assertThat(report.findings()).isEmpty();
  }

  @Test
  void findsWhatARoleMayNotDo() {
    server.execute(
        "source",
        "CREATE ROLE guest LOGIN",
        "CREATE TABLE app.secret (id INT PRIMARY KEY)",
        "ALTER TABLE app.secret ENABLE ROW LEVEL SECURITY",
        "GRANT USAGE ON SCHEMA app TO guest",
        "GRANT SELECT ON app.secret TO guest");
    try {
      Report report = check(url("source", "guest"), null, null, Preflight.Limits.DEFAULT);

      assertThat(found(report))
          .contains(
              "ERROR replication-role null",
              "ERROR select-privilege app.orders",
              "ERROR row-security app.secret",
              "ERROR publication app.secret",
              "ERROR publication app.orders");
      assertThat(report.findings())
          .filteredOn(finding -> finding.check().equals("select-privilege"))
          .extracting(Finding::cure)
          .containsExactly(
              "GRANT USAGE ON SCHEMA \"app\" TO \"guest\"; GRANT SELECT ON \"app\".\"orders\" TO"
                  + " \"guest\";");
    } finally {
      server.execute("source", "DROP OWNED BY guest", "DROP ROLE guest");
    }
  }

  @Test
  void refusesToReadATableThatHidesRows() throws Exception {
    server.execute(
        "source",
        "CREATE ROLE guest LOGIN",
        "ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY",
        "GRANT USAGE ON SCHEMA app TO guest",
        "GRANT SELECT ON app.orders TO guest");
    try (Connection connection = new PostgresConnections(url("source", "guest")).query();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM app.orders"))
          .hasMessageContaining("row-level security");
    } finally {
      server.execute("source", "DROP OWNED BY guest", "DROP ROLE guest");
    }
  }

  @Test
  void isContentWithAReadOnlyRoleAndAnOwnersPublication() {
    server.execute(
        "source",
        "CREATE ROLE reader LOGIN REPLICATION",
        "GRANT USAGE ON SCHEMA app TO reader",
        "GRANT SELECT ON app.orders TO reader",
        "CREATE PUBLICATION owners FOR TABLE app.orders");
    try {
      Report report = check(url("source", "reader"), null, null, Preflight.Limits.DEFAULT);

      assertThat(report.worst()).isEqualTo(Severity.INFO);
    } finally {
      server.execute(
          "source", "DROP PUBLICATION owners", "DROP OWNED BY reader", "DROP ROLE reader");
    }
  }

  @Test
  void findsSlotsThatKeepTheLogAndTransactionsThatStayOpen() throws Exception {
    server.execute("source", "SELECT pg_create_logical_replication_slot('forgotten', 'pgoutput')");
    try (Connection connection = connect(server.port());
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO app.orders VALUES (1, 'open')");

      Report report = check(url("source", "postgres"), null, null, STRICT);

      assertThat(found(report)).contains("WARNING slots forgotten");
      assertThat(found(report)).anyMatch(text -> text.startsWith("WARNING long-transactions pid "));
      connection.rollback();
    } finally {
      server.execute("source", "SELECT pg_drop_replication_slot('forgotten')");
    }
    assertThat(found(check(url("source", "postgres"), null, null, STRICT)))
        .noneMatch(text -> text.contains("forgotten") || text.contains("long-transactions"));
  }

  @Test
  void findsAServerThatCannotStreamAndHasNoRoom() throws Exception {
    try (EmbeddedPostgres other =
            EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "replica")
                .setServerConfig("max_replication_slots", "1")
                .setServerConfig("max_prepared_transactions", "2")
                .setServerConfig("wal_sender_timeout", "5s")
                .setServerConfig("max_slot_wal_keep_size", "100MB")
                .start();
        Connection connection = connect(other.getPort(), "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      statement.execute("SELECT pg_create_physical_replication_slot('only', true)");
      statement.execute("BEGIN");
      statement.execute("INSERT INTO t VALUES (1)");
      statement.execute("PREPARE TRANSACTION 'halfway'");
      PostgresUrl url =
          SourceUrl.parse(
              "postgresql://postgres@127.0.0.1:" + other.getPort() + "/postgres", Map.of());

      Report report =
          new Preflight(url, TableMappings.ofPatterns(List.of("t")), true, url, null, STRICT).run();

      assertThat(found(report))
          .contains(
              "ERROR wal-level null",
              "ERROR replication-slots null",
              "ERROR sink-is-source null",
              "WARNING wal-sender-timeout null",
              "WARNING prepared-transactions halfway",
              "INFO slot-wal-keep-size null");
      statement.execute("ROLLBACK PREPARED 'halfway'");
    }
  }

  @Test
  void saysThatTheSourceIsAway() {
    Report report =
        check(
            SourceUrl.parse("postgresql://u@127.0.0.1:1/x", Map.of()),
            null,
            null,
            Preflight.Limits.DEFAULT);

    assertThat(found(report)).containsExactly("ERROR source null");
    assertThat(report.estimate()).isNull();
  }

  @Test
  void throwsWhatWasNamedWrongly() {
    assertThatThrownBy(
            () ->
                new Preflight(
                        url("source", "postgres"),
                        TableMappings.ofPatterns(List.of("app.nosuch")),
                        true,
                        null,
                        null,
                        Preflight.Limits.DEFAULT)
                    .run())
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("app.nosuch");
  }

  @Test
  void looksAtACrateDb() {
    String address = System.getenv("DYNAPIPE_TEST_CRATEDB");
    assumeTrue(
        address != null && !address.isEmpty(),
        "DYNAPIPE_TEST_CRATEDB names no CrateDB (such as http://localhost:4200)");

    Report report = check(SinkUrl.parse(address, Map.of()), null);

    assertThat(report.worst()).isLessThan(Severity.ERROR);
  }

  private static Report check(SinkUrl sink, @Nullable StreamUrl stream) {
    return check(url("source", "postgres"), sink, stream, Preflight.Limits.DEFAULT);
  }

  private static Report check(
      PostgresUrl source,
      @Nullable SinkUrl sink,
      @Nullable StreamUrl stream,
      Preflight.Limits limits) {
    return new Preflight(source, mappings(), true, sink, stream, limits).run();
  }

  private static TableMappings mappings() {
    return TableMappings.ofPatterns(List.of("app.%"));
  }

  private static List<String> found(Report report) {
    return report.findings().stream()
        .map(finding -> finding.severity() + " " + finding.check() + " " + finding.subject())
        .toList();
  }

  private static PostgresUrl url(String database, String user) {
    return SourceUrl.parse(
        "postgresql://" + user + "@127.0.0.1:" + server.port() + "/" + database, Map.of());
  }

  private static SinkUrl postgres(String database) {
    return SinkUrl.parse(server.url(database), Map.of());
  }

  private static SinkUrl crate(String address) {
    return SinkUrl.parse("crate://" + address, Map.of());
  }

  private static Connection connect(int port) throws Exception {
    return connect(port, "source");
  }

  private static Connection connect(int port, String database) throws Exception {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", "");
  }
}
