package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.event.Lsn;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.sink.Layout;
import io.dynapipe.source.postgres.PostgisGolden;
import io.dynapipe.source.postgres.PostgresSettings;
import io.dynapipe.source.postgres.PostgresSettings.Plugin;
import io.dynapipe.source.postgres.SourceDatabase;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.verify.Verification;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Geometries of Debian's PostGIS, through full load and CDC, arrive as EWKT. */
class PostgisIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final TableMappings MAPPINGS =
      TableMappings.ofPatterns(List.of("public.shapes", "public.keyed"));

  @TempDir private Path state;
  private DebianServer server;
  private SourceDatabase source;
  private SourceDatabase target;

  @BeforeEach
  void create() throws Exception {
    DebianServer.assumePostgis();
    server = new DebianServer();
    source = SourceDatabase.of(server.url());
    target = SourceDatabase.create();
    source.run(
        "CREATE EXTENSION pglogical",
        // Not public, so that it is the extension that tells the types, and no search path.
        "CREATE SCHEMA \"My GIS\"",
        "CREATE EXTENSION postgis SCHEMA \"My GIS\"",
        "CREATE DOMAIN place AS \"My GIS\".geometry(Point, 4326)",
        "CREATE TABLE shapes (id int PRIMARY KEY, g \"My GIS\".geometry, p place,"
            + " earth \"My GIS\".geography, list \"My GIS\".geometry[], no text DEFAULT '0101')",
        "CREATE TABLE keyed (k \"My GIS\".geometry(LineString) PRIMARY KEY, v int)",
        "INSERT INTO keyed VALUES ('LINESTRING(0 0,1 1)', 1), ('LINESTRING(0 0,0.1 2)', 2),"
            + " ('LINESTRING(0 0,3 3)', 3)");
  }

  @AfterEach
  void close() throws Exception {
    if (server != null) {
      if (target != null) {
        target.close();
      }
      source.close();
      server.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"PGOUTPUT, DOCUMENT, data->>'g'", "PGLOGICAL, COLUMNS, g"})
  void geometriesOfLoadAndChangesAreEwkt(Plugin plugin, Layout layout, String g) throws Exception {
    insert(0);
    TaskDefinition definition =
        TaskDefinition.of("TEST", MigrationType.FULL_LOAD_AND_CDC, MAPPINGS)
            .withSource(PostgresSettings.DEFAULTS.withPlugin(plugin));
    EmbeddedStreamUrl stream = new EmbeddedStreamUrl(null, null, null);
    try (LocalPipeline pipeline =
        new LocalPipeline(source.url(), target.url(), layout, stream, state, definition)) {
      pipeline.start(StartType.START_REPLICATION);
      catchUp(pipeline);
      insert(1);
      source.run(
          "UPDATE keyed SET v = 20 WHERE v = 2",
          "UPDATE keyed SET k = 'LINESTRING(0 0,1 1.5)' WHERE v = 1",
          "DELETE FROM keyed WHERE v = 3",
          "INSERT INTO shapes SELECT -1, NULL, \"My GIS\".ST_Point(13.377704, 52.516275, 4326),"
              + " 'POINT(13.377704 52.516275)', ARRAY['POINT(1 2)'::\"My GIS\".geometry]");
      catchUp(pipeline);
      assertGeometries(g);
      assertOthers(layout);
      assertVerified();
    }
  }

  /** Every second geometry, read by PostGIS from the text that is to come out again. */
  private void insert(int first) throws Exception {
    List<PostgisGolden> geometries = PostgisGolden.all();
    List<String> rows = new ArrayList<>();
    for (int i = first; i < geometries.size(); i += 2) {
      rows.add("(" + i + ", '" + geometries.get(i).ewkt() + "')");
    }
    source.run("INSERT INTO shapes (id, g) VALUES " + String.join(", ", rows));
  }

  private void catchUp(LocalPipeline pipeline) throws Exception {
    Lsn now = Lsn.parse(source.query("SELECT pg_logical_emit_message(true, 'test', '')").get(0));
    assertThat(pipeline.pipeline().awaitApplied(now, LIMIT)).isTrue();
  }

  private void assertGeometries(String g) throws Exception {
    String id = g.equals("g") ? "id" : "(data->>'id')::int";
    List<String> told =
        target.query("SELECT " + g + " FROM shapes WHERE " + id + " >= 0 ORDER BY " + id);
    assertThat(told).isEqualTo(PostgisGolden.all().stream().map(PostgisGolden::ewkt).toList());
    List<String> kept = source.query("SELECT g::text FROM shapes WHERE id >= 0 ORDER BY id");
    for (int i = 0; i < told.size(); i++) {
      String read = "SELECT \"My GIS\".ST_GeomFromEWKT('" + told.get(i) + "')::text";
      assertThat(source.query(read)).as(told.get(i)).containsExactly(kept.get(i));
    }
  }

  private void assertOthers(Layout layout) throws SQLException {
    boolean columns = layout == Layout.COLUMNS;
    assertThat(
            target.query(
                columns
                    ? "SELECT k || ' ' || v FROM keyed ORDER BY 1"
                    : "SELECT (data->>'k') || ' ' || (data->>'v') FROM keyed ORDER BY 1"))
        .containsExactly("LINESTRING(0 0,0.1 2) 20", "LINESTRING(0 0,1 1.5) 1");
    assertThat(
            target.query(
                columns
                    ? "SELECT concat_ws(' ', p, earth, list, no) FROM shapes WHERE id = -1"
                    : "SELECT concat_ws(' ', data->>'p', data->>'earth', data->>'list',"
                        + " data->>'no') FROM shapes WHERE data->>'id' = '-1'"))
        .containsExactly(
            "SRID=4326;POINT(13.377704 52.516275) SRID=4326;POINT(13.377704 52.516275)"
                + " {0101000000000000000000F03F0000000000000040} 0101");
  }

  private void assertVerified() throws InterruptedException {
    Verification verification = new Verification(source.server(), target.url(), MAPPINGS, 20);
    List<SourceTable> tables = verification.tables();
    assertThat(tables).hasSize(2);
    for (SourceTable table : tables) {
      assertThat(verification.compare(table).differences()).isEmpty();
    }
  }
}
