package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.TableName;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.fullload.FullLoad;
import io.dynapipe.source.postgres.fullload.LoadOptions;
import io.dynapipe.source.postgres.pgoutput.StreamConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A load that was interrupted goes on from a later snapshot, while the source was written to. */
final class LoadResumeIT {

  private static final LoadOptions OPTIONS = LoadOptions.defaults().withRangeBytes(16_384);

  private SourceDatabase source;
  private PostgresServer server;

  @BeforeEach
  void createDatabase() throws Exception {
    source = SourceDatabase.create();
    server = source.server();
  }

  @AfterEach
  void dropDatabase() throws Exception {
    source.close();
  }

  @Test
  void rowsThatMovedIntoFinishedRangesKeepTheirLargeValues() throws Exception {
    source.assumeMajor(14);
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, n int, v text)",
        "ALTER TABLE foo ALTER v SET STORAGE EXTERNAL",
        "INSERT INTO foo SELECT i, 0, repeat('v' || i, 2000) FROM generate_series(1, 1000) i",
        "DELETE FROM foo WHERE id BETWEEN 1 AND 200",
        "VACUUM foo");
    List<SourceTable> tables = source.tables();
    List<String> publications = server.publications().ensure(source.name(), tables);
    Recorder loaded = new Recorder();
    VisibleTransactions first;
    try (ExportedSnapshot snapshot = server.slots().create(source.name())) {
      first = snapshot.transactions();
      FullLoad load = new FullLoad(server.connections(), tables, OPTIONS.withReaders(1));
      assertThat(load.run(snapshot, loaded, () -> loaded.ranges().size() >= 3)).isFalse();
    }
    // The first pages have room again, so rows of the last pages go there and keep their TOAST.
    source.run("UPDATE foo SET n = 1 WHERE id > 950");
    assertThat(source.query("SELECT count(*) > 0 FROM foo WHERE id > 950 AND ctid < '(2,0)'"))
        .containsExactly("t");
    Replica replica = new Replica();
    replica.apply(loaded.events());
    Set<LoadRange> done = new HashSet<>(loaded.ranges());
    int again = resume(tables, OPTIONS.resumed(done, first), replica);
    assertThat(again).as("rows read by the second run").isLessThan(800);
    stream(
        StreamConfig.of(source.name(), publications, TableSelection.ALL_TABLES, tables), replica);
    assertThat(replica.rows("foo").equals(sorted(source.query("SELECT id, n, v FROM foo"))))
        .as("target = source")
        .isTrue();
  }

  private int resume(List<SourceTable> tables, LoadOptions options, Replica replica)
      throws Exception {
    Recorder resumed = new Recorder();
    try (ExportedSnapshot snapshot = server.exportSnapshot()) {
      new FullLoad(server.connections(), tables, options).run(snapshot, resumed, () -> false);
    }
    assertThat(resumed.ranges()).doesNotContainAnyElementsOf(options.done());
    replica.apply(resumed.events());
    return resumed.rows().size();
  }

  private void stream(StreamConfig config, Replica replica) throws Exception {
    Recorder streamed = new Recorder();
    try (StreamRun run = StreamRun.start(source, config, streamed)) {
      run.catchUp(streamed).finish();
    }
    replica.apply(streamed.events());
  }

  @Test
  void changesThatALaterSnapshotShowsAreLeftOutOfTheStream() throws Exception {
    source.run("CREATE TABLE foo (a int)", "INSERT INTO foo VALUES (1)");
    List<SourceTable> tables = source.tables();
    List<String> publications = server.publications().ensure(source.name(), tables);
    server.slots().create(source.name()).close();
    source.run("INSERT INTO foo VALUES (2)");
    Recorder loaded = new Recorder();
    VisibleTransactions shown;
    try (var open = source.connect();
        var statement = open.createStatement()) {
      open.setAutoCommit(false);
      statement.execute("INSERT INTO foo VALUES (3)");
      source.run("INSERT INTO foo VALUES (4)");
      try (ExportedSnapshot snapshot = server.exportSnapshot()) {
        shown = VisibleTransactions.parse(snapshot.transactions().toString());
        new FullLoad(server.connections(), tables, OPTIONS).run(snapshot, loaded, () -> false);
      }
      open.commit();
    }
    source.run("INSERT INTO foo VALUES (5)");
    StreamConfig config =
        StreamConfig.of(source.name(), publications, TableSelection.ALL_TABLES, tables)
            .withLoaded(Map.of(tables.get(0).oid(), shown));
    Recorder streamed = new Recorder();
    try (StreamRun run = StreamRun.start(source, config, streamed)) {
      run.catchUp(streamed).finish();
    }
    assertThat(values(loaded)).containsExactlyInAnyOrder("1", "2", "4");
    assertThat(values(streamed)).containsExactly("3", "5");
  }

  @Test
  void tableThatCannotBeReadDoesNotStopTheOthers() throws Exception {
    String role = "reader_" + source.name();
    source.run(
        "CREATE TABLE foo (a int)",
        "CREATE TABLE secret (a int)",
        "INSERT INTO foo VALUES (1)",
        "CREATE ROLE " + role + " LOGIN",
        "GRANT SELECT ON foo TO " + role);
    try {
      var url = source.url();
      PostgresServer reader =
          new PostgresServer(
              new io.dynapipe.config.PostgresUrl(
                  url.hosts(), url.database(), role, null, url.properties()));
      Recorder loaded = new Recorder();
      try (ExportedSnapshot snapshot = reader.exportSnapshot()) {
        FullLoad load = new FullLoad(reader.connections(), source.tables(), OPTIONS);
        assertThat(load.run(snapshot, loaded, () -> false)).isTrue();
      }
      assertThat(values(loaded)).containsExactly("1");
      assertThat(loaded.failures()).containsOnlyKeys(new TableName("public", "secret"));
    } finally {
      source.run("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }

  private static List<String> values(Recorder recorder) {
    return recorder.rows().stream().map(row -> row.row().text("a")).toList();
  }
}
