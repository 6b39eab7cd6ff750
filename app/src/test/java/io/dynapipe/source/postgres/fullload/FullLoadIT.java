package io.dynapipe.source.postgres.fullload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.LoadHandler;
import io.dynapipe.source.LoadHandlers;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.Capture;
import io.dynapipe.source.postgres.ExportedSnapshot;
import io.dynapipe.source.postgres.Recorder;
import io.dynapipe.source.postgres.SourceDatabase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every row once, whatever a table's shape. */
final class FullLoadIT {

  private static final LoadOptions SMALL_RANGES = LoadOptions.defaults().withRangeBytes(65_536);

  private SourceDatabase source;

  @BeforeEach
  void createDatabase() throws Exception {
    source = SourceDatabase.create();
  }

  @AfterEach
  void dropDatabase() throws Exception {
    source.close();
  }

  @Test
  void bigTableIsReadInRangesBySeveralReaders() throws Exception {
    source.assumeMajor(14);
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, v text)",
        "INSERT INTO foo SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i",
        "DELETE FROM foo WHERE id % 3 = 0");
    Recorder recorder = new Recorder();
    assertThat(run(SMALL_RANGES, recorder)).isTrue();
    assertThat(recorder.ranges()).hasSizeGreaterThan(10);
    assertThat(ids(recorder))
        .containsExactlyInAnyOrderElementsOf(source.query("SELECT id FROM foo"));
    assertThat(recorder.tableChanges()).hasSize(1);
    assertThat(recorder.events().get(0)).isInstanceOf(TableChange.class);
  }

  @Test
  void seesOnlyTheSnapshot() throws Exception {
    source.run("CREATE TABLE foo (id int PRIMARY KEY)", "INSERT INTO foo VALUES (1)");
    Recorder recorder = new Recorder();
    try (ExportedSnapshot snapshot = source.server().exportSnapshot()) {
      source.run("INSERT INTO foo VALUES (2)");
      new FullLoad(source.server().connections(), source.tables(), SMALL_RANGES)
          .run(snapshot, recorder, () -> false);
    }
    assertThat(ids(recorder)).containsExactly("1");
  }

  @Test
  void readsOnlyWhatIsLeftAfterAResume() throws Exception {
    source.assumeMajor(14);
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, v text)",
        "INSERT INTO foo SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i");
    Recorder first = new Recorder();
    run(SMALL_RANGES, first);
    Set<LoadRange> done = new HashSet<>(first.ranges().subList(0, 7));
    Recorder second = new Recorder();
    run(SMALL_RANGES.resumed(done), second);
    assertThat(second.ranges()).doesNotContainAnyElementsOf(done);
    assertThat(second.ranges().size() + done.size()).isEqualTo(first.ranges().size());
    assertThat(second.rows()).hasSizeLessThan(20_000);
  }

  @Test
  void partitionsAreRowsOfTheirRoot() throws Exception {
    source.run(
        "CREATE TABLE foo (id int, v text, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
        "CREATE TABLE foo_1 PARTITION OF foo FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE foo_2 (v text, junk int, id int NOT NULL)",
        "ALTER TABLE foo_2 DROP junk",
        "ALTER TABLE foo ATTACH PARTITION foo_2 FOR VALUES FROM (10) TO (20)",
        "INSERT INTO foo VALUES (1, 'a'), (11, 'b')");
    assertThat(source.tables()).extracting(table -> table.name().name()).containsExactly("foo");
    assertThat(Capture.load(source))
        .extracting(row -> row.table().name() + row.row())
        .containsExactlyInAnyOrder("foo{id=1, v=a}", "foo{id=11, v=b}");
  }

  @Test
  void parentAndChildByInheritanceAreTablesOfTheirOwn() throws Exception {
    source.run(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child (v int) INHERITS (parent)",
        "INSERT INTO parent VALUES (1)",
        "INSERT INTO child VALUES (2, 3)");
    Recorder recorder = new Recorder();
    run(SMALL_RANGES, recorder);
    assertThat(recorder.rows())
        .extracting(row -> row.table().name() + row.row())
        .containsExactlyInAnyOrder("parent{id=1}", "child{id=2, v=3}");
  }

  @Test
  void generatedAndDroppedColumnsAreLeftOut() throws Exception {
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, gone int, g int GENERATED ALWAYS AS (id * 2) STORED,"
            + " b int)",
        "ALTER TABLE foo DROP gone",
        "INSERT INTO foo (id, b) VALUES (1, 2)");
    assertThat(Capture.load(source))
        .extracting(row -> row.row().toString())
        .containsExactly("{id=1, b=2}");
  }

  @Test
  void viewsAndUnloggedTablesCanBeLoaded() throws Exception {
    source.run(
        "CREATE UNLOGGED TABLE foo (id int PRIMARY KEY)",
        "INSERT INTO foo VALUES (1)",
        "CREATE VIEW v AS SELECT id + 1 AS id FROM foo",
        "CREATE MATERIALIZED VIEW m AS SELECT id + 2 AS id FROM foo");
    Recorder recorder = new Recorder();
    try (ExportedSnapshot snapshot = source.server().exportSnapshot()) {
      new FullLoad(
              source.server().connections(),
              source.server().tables((table, isView) -> true),
              SMALL_RANGES)
          .run(snapshot, recorder, () -> false);
    }
    assertThat(recorder.rows())
        .extracting(row -> row.table().name() + row.row())
        .containsExactlyInAnyOrder("foo{id=1}", "v{id=2}", "m{id=3}");
  }

  @Test
  void wideRowsAndHugeValuesCome() throws Exception {
    String columns =
        String.join(", ", IntStream.range(0, 1500).mapToObj(i -> "c" + i + " int").toList());
    source.run(
        "CREATE TABLE wide (id int PRIMARY KEY, " + columns + ")",
        "INSERT INTO wide (id, c1499) VALUES (1, 7)",
        "CREATE TABLE huge (id int PRIMARY KEY, v text)",
        "INSERT INTO huge VALUES (1, repeat('a\\b', 17000000))");
    Recorder recorder = new Recorder();
    run(SMALL_RANGES, recorder);
    for (RowChange row : recorder.rows()) {
      if (row.table().name().equals("wide")) {
        assertThat(row.row().text("c1499")).isEqualTo("7");
      } else {
        assertThat(row.row().length(1)).isEqualTo(51_000_000);
      }
    }
    assertThat(recorder.rows()).hasSize(2);
  }

  @Test
  void stopsWhenTold() throws Exception {
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY)",
        "INSERT INTO foo SELECT generate_series(1, 100000)");
    Recorder recorder = new Recorder();
    boolean[] stop = {false};
    LoadHandlers stopping = handlers((row, schema) -> stop[0] = true);
    try (ExportedSnapshot snapshot = source.server().exportSnapshot()) {
      FullLoad load = new FullLoad(source.server().connections(), source.tables(), SMALL_RANGES);
      assertThat(load.run(snapshot, stopping, () -> stop[0])).isFalse();
    }
    assertThat(recorder.ranges()).isEmpty();
  }

  @Test
  void handlersFailureEndsTheLoad() throws Exception {
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY)",
        "INSERT INTO foo SELECT generate_series(1, 100000)");
    IllegalStateException failure = new IllegalStateException("full");
    LoadHandlers failing =
        handlers(
            (row, schema) -> {
              throw failure;
            });
    try (ExportedSnapshot snapshot = source.server().exportSnapshot()) {
      FullLoad load = new FullLoad(source.server().connections(), source.tables(), SMALL_RANGES);
      assertThatThrownBy(() -> load.run(snapshot, failing, () -> false)).isSameAs(failure);
    }
  }

  @Test
  void lostConnectionIsRetryable() throws Exception {
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, v text)",
        "INSERT INTO foo SELECT i, repeat('x', 500) FROM generate_series(1, 100000) i");
    boolean[] killed = {false};
    LoadHandlers killing =
        handlers(
            (row, schema) -> {
              synchronized (killed) {
                if (!killed[0]) {
                  killed[0] = true;
                  kill();
                }
              }
            });
    try (ExportedSnapshot snapshot = source.server().exportSnapshot()) {
      FullLoad load = new FullLoad(source.server().connections(), source.tables(), SMALL_RANGES);
      assertThatThrownBy(() -> load.run(snapshot, killing, () -> false))
          .hasMessageStartingWith("cannot load public.foo")
          .matches(e -> ((io.dynapipe.error.PipelineException) e).isRetryable());
    }
  }

  private void kill() {
    try {
      source.run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%'"
              + " AND datname = current_database()");
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean run(LoadOptions options, Recorder recorder) throws Exception {
    try (ExportedSnapshot snapshot = source.server().exportSnapshot()) {
      return new FullLoad(source.server().connections(), source.tables(), options)
          .run(snapshot, recorder, () -> false);
    }
  }

  private interface OnRow {
    void accept(RowChange row, TableSchema schema);
  }

  private static LoadHandlers handlers(OnRow onRow) {
    return new LoadHandlers() {
      @Override
      public void onTable(TableChange create) {}

      @Override
      public LoadHandler forReader(int reader) {
        return new LoadHandler() {
          @Override
          public void onRow(RowChange row, TableSchema schema) {
            onRow.accept(row, schema);
          }

          @Override
          public void onRangeEnd(LoadRange range, long rows, long bytes) {}
        };
      }
    };
  }

  private static List<String> ids(Recorder recorder) {
    return recorder.rows().stream().map(row -> row.row().text("id")).toList();
  }
}
