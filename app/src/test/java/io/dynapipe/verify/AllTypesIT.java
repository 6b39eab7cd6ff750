package io.dynapipe.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.event.Lsn;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.TargetRow;
import io.dynapipe.sink.cratedb.CrateQuery;
import io.dynapipe.sink.cratedb.CrateRows;
import io.dynapipe.sink.cratedb.CrateSettings;
import io.dynapipe.source.postgres.SourceDatabase;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.task.DebianServer;
import io.dynapipe.task.LocalPipeline;
import io.dynapipe.task.MigrationType;
import io.dynapipe.task.StartType;
import io.dynapipe.task.TaskDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All types with extreme and NULL values end exactly equal in the sink (by casting to text at the
 * source), through full load and through CDC.
 */
@DisplayName(
    "all types with extreme and NULL values end exactly equal in the sink (by casting to text at"
        + " the source), through full load and through CDC")
class AllTypesIT {

  @TempDir private Path state;
  private SourceDatabase source;
  private AllTypes types;

  /** Not before each test, since one without a CrateDB needs none of it. */
  private void createSource(SourceDatabase database) throws Exception {
    source = database;
    types = AllTypes.of(source.server().info().major());
    types.create(source);
  }

  @AfterEach
  void close() throws Exception {
    if (source != null) {
      source.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void inPostgres(Layout layout) throws Exception {
    createSource(SourceDatabase.create());
    try (SourceDatabase target = SourceDatabase.create()) {
      PostgresUrl url = target.url();
      endsEqual(url, layout, new PostgresReader(url));
    }
  }

  /** The other versions run by hand; docs/postgresql-source.md tells which did. */
  @Test
  void fromPostgres15() throws Exception {
    try (DebianServer server = new DebianServer();
        SourceDatabase target = SourceDatabase.create()) {
      createSource(SourceDatabase.of(server.url()));
      assertThat(source.server().info().major()).isEqualTo(15);
      endsEqual(target.url(), Layout.DOCUMENT, new PostgresReader(target.url()));
      source.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void inCrateDb(Layout layout) throws Exception {
    CrateUrl url = crate();
    createSource(SourceDatabase.create());
    CrateSettings settings = CrateSettings.of(url);
    CrateQuery query = new CrateQuery(settings);
    query.rows("DROP TABLE IF EXISTS " + AllTypes.TABLE);
    try {
      endsEqual(url, layout, new CrateRows(settings)::read);
      assertNegativeZeros(query, layout);
    } finally {
      query.rows("DROP TABLE IF EXISTS " + AllTypes.TABLE);
    }
  }

  /** The reader's decimals have none. */
  private void assertNegativeZeros(CrateQuery query, Layout layout) {
    for (String name : types.names()) {
      if (ExpectedRows.isFloating(types.type(name))) {
        String value = layout == Layout.COLUMNS ? name : "data['" + name + "']";
        assertThat(
                query.rows(
                    "SELECT 1 FROM %s WHERE %s::text = '-0.0'".formatted(AllTypes.TABLE, value)))
            .as("loaded, inserted and updated rows with -0 in " + name)
            .hasSize(3);
      }
    }
  }

  private static CrateUrl crate() {
    String url = System.getenv("DYNAPIPE_TEST_CRATEDB");
    assumeTrue(
        url != null && !url.isEmpty(),
        "DYNAPIPE_TEST_CRATEDB names no CrateDB (such as http://localhost:4200)");
    return (CrateUrl) SinkUrl.parse(url, Map.of());
  }

  private void endsEqual(SinkUrl sink, Layout layout, TargetReader target) throws Exception {
    TableMappings mappings = TableMappings.ofPatterns(List.of(AllTypes.TABLE));
    TaskDefinition task =
        TaskDefinition.of("TYPES_" + source.name(), MigrationType.FULL_LOAD_AND_CDC, mappings);
    SourceTable table = source.table("everything", "types");
    ExpectedRows expected = new ExpectedRows(source, types);
    try (LocalPipeline pipeline =
        new LocalPipeline(
            source.url(), sink, layout, new EmbeddedStreamUrl(null, null, null), state, task)) {
      pipeline.start(StartType.START_REPLICATION);
      catchUp(pipeline);
      assertThat(expected.differences(rows(target, table))).as("after the full load").isEmpty();
      types.change(source);
      catchUp(pipeline);
      assertThat(expected.differences(rows(target, table))).as("after CDC").isEmpty();
      assertThat(pipeline.statistics().tables())
          .allSatisfy(each -> assertThat(each.applied().quarantined()).isZero());
    }
  }

  private static List<TargetRow> rows(TargetReader target, SourceTable table) {
    List<TargetRow> rows = new ArrayList<>();
    assertThat(target.read(table.schema(), rows::add)).as("the table is there").isTrue();
    return rows;
  }

  private void catchUp(LocalPipeline pipeline) throws Exception {
    Lsn now = Lsn.parse(source.query("SELECT pg_logical_emit_message(true, 'test', '')").get(0));
    assertThat(pipeline.pipeline().awaitApplied(now, Duration.ofMinutes(1))).isTrue();
  }
}
