package io.dynapipe.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.config.SourceUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.cratedb.CrateQuery;
import io.dynapipe.sink.cratedb.CrateSettings;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.task.LocalPipeline;
import io.dynapipe.task.MigrationType;
import io.dynapipe.task.StartType;
import io.dynapipe.task.TaskDefinition;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of many types, replicated for real, then compared; then one value is changed. */
class VerificationIT {

  private static final String[] TABLES = {
    "CREATE TABLE vsrc.kinds (id INT, part TEXT, b BOOLEAN, small SMALLINT, big BIGINT, r REAL,"
        + " d DOUBLE PRECISION, n NUMERIC, n2 NUMERIC(12,3), t TEXT, ts TIMESTAMP, tz TIMESTAMPTZ,"
        + " day DATE, clock TIME, j JSON, jb JSONB, bytes BYTEA, u UUID, ints INT[],"
        + " PRIMARY KEY (id, part))",
    "INSERT INTO vsrc.kinds VALUES (1, 'a', true, -1, 9223372036854775807, 2.2000000477,"
        + " 0.1, 12345678901234567890.123456789012345678901, 1.500, E'x\\ty \"z\" ü',"
        + " '2024-01-02 03:04:05.123456', '2024-01-02 03:04:05.5+02', '2024-02-29', '12:34:56.7',"
        + " '{\"b\": 1.50, \"a\": [1, null]}', '{\"b\": 1.50, \"a\": {\"c\": 1e2}}', '\\x00ff',"
        + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{1,2,NULL}')",
    "INSERT INTO vsrc.kinds (id, part, d, r, n, t, jb, ts) VALUES (2, 'b', 'NaN', 'Infinity',"
        + " 'NaN', '', 'null', 'infinity')",
    "INSERT INTO vsrc.kinds (id, part) VALUES (2, 'c')",
    "INSERT INTO vsrc.kinds (id, part, d, r, n) VALUES (3, 'd', 5e-324, 1e-45, 1e30), (3, 'e',"
        + " 1.7976931348623157e308, 3.4028235e38, -100)",
    "INSERT INTO vsrc.kinds (id, part, t, d) SELECT 10 + g, 'p' || g % 3, repeat('x', g % 50), g /"
        + " 7.0 FROM generate_series(1, 1500) g",
    "CREATE TABLE vsrc.bag (a INT, b TEXT)",
    "INSERT INTO vsrc.bag SELECT g % 5, 'same' FROM generate_series(1, 20) g",
  };

  private static EmbeddedServer server;
  private PostgresServer source;
  @TempDir Path state;

  @BeforeAll
  static void start() {
    server = EmbeddedServer.start("source", "target");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void fill() {
    server.execute("source", "DROP SCHEMA IF EXISTS vsrc CASCADE", "CREATE SCHEMA vsrc");
    server.execute("source", TABLES);
    source = new PostgresServer(SourceUrl.parse(server.url("source"), Map.of()));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void provesThatPostgresHoldsTheSameRows(Layout layout) throws Exception {
    SinkUrl sink = postgres();

    replicate(sink, layout);

    assertEqual(sink);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void provesThatCrateDbHoldsTheSameRows(Layout layout) throws Exception {
    CrateUrl sink = crate();
    try {
      replicate(sink, layout);

      assertEqual(sink);
      String value = layout == Layout.COLUMNS ? "t" : "data['t']";
      String id = layout == Layout.COLUMNS ? "id" : "pk['id']";
      CrateQuery query = new CrateQuery(CrateSettings.of(sink));
      query.rows("UPDATE vsrc.kinds SET " + value + " = 'other' WHERE " + id + " = 11");
      query.rows("DELETE FROM vsrc.kinds WHERE " + id + " = 12");
      assertDifferent(compare(sink).get("vsrc.kinds"));
    } finally {
      dropTargets(sink);
    }
  }

  @Test
  void listsWhatDiffers() throws Exception {
    SinkUrl sink = postgres();
    replicate(sink, Layout.DOCUMENT);
    server.execute(
        "target",
        "UPDATE vsrc.kinds SET data = jsonb_set(data, '{t}', '\"other\"') WHERE data->>'id' = '11'",
        "DELETE FROM vsrc.kinds WHERE data->>'id' = '12'",
        "DELETE FROM vsrc.bag WHERE ctid = (SELECT min(ctid) FROM vsrc.bag WHERE data->>'a' ="
            + " '3')");
    server.execute("source", "DELETE FROM vsrc.kinds WHERE id = 1");

    Map<String, TableVerdict> verdicts = compare(sink);

    TableVerdict kinds = verdicts.get("vsrc.kinds");
    assertThat(kinds.differences())
        .filteredOn(difference -> difference.kind() == Difference.Kind.EXTRA)
        .extracting(Difference::key)
        .containsExactly("id=1, part=a");
    assertDifferent(kinds);
    TableVerdict bag = verdicts.get("vsrc.bag");
    assertThat(bag.differences())
        .containsExactly(new Difference(Difference.Kind.MISSING, "{a=3, b=same}", List.of()));
    assertThat(bag.sourceRows()).isEqualTo(20);
    assertThat(bag.targetRows()).isEqualTo(19);
  }

  @Test
  void tellsThatATableIsMissing() throws Exception {
    server.execute("target", "DROP SCHEMA IF EXISTS vsrc CASCADE");

    TableVerdict bag = compare(postgres()).get("vsrc.bag");

    assertThat(bag.isEqual()).isFalse();
    assertThat(bag.problem()).isEqualTo("the target has no table vsrc.bag");
  }

  private static void assertDifferent(TableVerdict kinds) {
    assertThat(kinds.isEqual()).isFalse();
    assertThat(kinds.differences())
        .contains(
            new Difference(Difference.Kind.MISSING, "id=12, part=p2", List.of()),
            new Difference(
                Difference.Kind.DIFFERENT,
                "id=11, part=p1",
                List.of(new Difference.Column("t", "x", "other"))));
  }

  private void assertEqual(SinkUrl sink) throws InterruptedException {
    assertThat(compare(sink).values())
        .hasSize(2)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.differences()).isEmpty();
              assertThat(verdict.isEqual()).isTrue();
              assertThat(verdict.sourceRows()).isPositive();
            });
  }

  private Map<String, TableVerdict> compare(SinkUrl sink) throws InterruptedException {
    Verification verification = new Verification(source, sink, mappings(), 20);
    Map<String, TableVerdict> verdicts = new LinkedHashMap<>();
    for (SourceTable table : verification.tables()) {
      verdicts.put(table.name().toString(), verification.compare(table));
    }
    return verdicts;
  }

  private void replicate(SinkUrl sink, Layout layout) throws InterruptedException {
    dropTargets(sink);
    try (LocalPipeline pipeline =
        new LocalPipeline(
            SourceUrl.parse(server.url("source"), Map.of()),
            sink,
            layout,
            new EmbeddedStreamUrl(null, null, null),
            state,
            TaskDefinition.of("VERIFY", MigrationType.FULL_LOAD, mappings()))) {
      pipeline.start(StartType.START_REPLICATION);
      long deadline = System.nanoTime() + 120_000_000_000L;
      while (!pipeline.isDone()) {
        pipeline.pipeline().throwFailure();
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
    }
  }

  private static TableMappings mappings() {
    return TableMappings.ofPatterns(List.of("vsrc.%"));
  }

  private static SinkUrl postgres() {
    return SinkUrl.parse(server.url("target"), Map.of());
  }

  private static CrateUrl crate() {
    String url = System.getenv("DYNAPIPE_TEST_CRATEDB");
    assumeTrue(
        url != null && !url.isEmpty(),
        "DYNAPIPE_TEST_CRATEDB names no CrateDB (such as http://localhost:4200)");
    return (CrateUrl) SinkUrl.parse(url, Map.of());
  }

  private static void dropTargets(SinkUrl sink) {
    if (sink instanceof CrateUrl crate) {
      CrateQuery query = new CrateQuery(CrateSettings.of(crate));
      query.rows("DROP TABLE IF EXISTS vsrc.kinds");
      query.rows("DROP TABLE IF EXISTS vsrc.bag");
    } else {
      server.execute(
          "target", "DROP SCHEMA IF EXISTS vsrc CASCADE", "DROP SCHEMA IF EXISTS dynapipe CASCADE");
    }
  }
}
