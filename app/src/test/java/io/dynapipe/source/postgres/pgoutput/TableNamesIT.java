package io.dynapipe.source.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.RandomStream;
import io.dynapipe.sink.Sink;
import io.dynapipe.sink.postgres.PostgresSink;
import io.dynapipe.sink.postgres.PostgresSinkSettings;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.ExportedSnapshot;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.Recorder;
import io.dynapipe.source.postgres.Replica;
import io.dynapipe.source.postgres.SourceDatabase;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.StreamRun;
import io.dynapipe.source.postgres.VisibleTransactions;
import io.dynapipe.source.postgres.fullload.FullLoad;
import io.dynapipe.source.postgres.fullload.LoadOptions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables whose names go from one to another while changes flow, or wait. */
final class TableNamesIT {

  private static final Duration LOOKS = Duration.ofMillis(50);
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Map<Long, VisibleTransactions> loads = new HashMap<>();
  private SourceDatabase source;
  private StreamConfig config;
  private HeldHandler target;
  private StreamRun run;

  @BeforeEach
  void createDatabase() throws Exception {
    source = SourceDatabase.create();
  }

  @AfterEach
  void dropDatabase() throws Exception {
    if (run != null) {
      target.release();
      run.close();
    }
    source.close();
  }

  @Test
  void tableThatIsBuiltAsideAndThenTakesTheName() throws Exception {
    create("foo", 1);
    create("foo_new", 2);
    start(TableSelection.ALL_TABLES);
    source.run(
        "BEGIN; ALTER TABLE foo RENAME TO foo_old; ALTER TABLE foo_new RENAME TO foo; COMMIT",
        "INSERT INTO foo VALUES (3, 'new')",
        "INSERT INTO foo_old VALUES (4, 'old')");
    awaitEquality();
    assertThat(described())
        .containsSubsequence("RENAME_TABLE foo_old", "RENAME_TABLE foo", "INSERT foo {id=3, v=new}")
        .contains("INSERT foo_old {id=4, v=old}");
  }

  @Test
  void renameIsToldThoughNoRowFollows() throws Exception {
    create("foo", 1);
    start(TableSelection.ALL_TABLES);
    source.run("ALTER TABLE foo RENAME TO bar");
    awaitEquality();
    assertThat(described()).containsOnlyOnce("RENAME_TABLE bar");
  }

  @Test
  void newTableTakesTheNameOfOneThatIsSilentSince() throws Exception {
    create("foo", 1);
    start(TableSelection.ALL_TABLES);
    target.hold();
    source.run("INSERT INTO foo VALUES (7, 'x')", "ALTER TABLE foo RENAME TO foo_2025");
    create("foo", 2);
    awaitPublication(2);
    target.release();
    awaitEquality();
  }

  @Test
  void twoTablesThatChangeNames() throws Exception {
    create("foo", 1);
    create("bar", 2);
    start(TableSelection.ALL_TABLES);
    source.run(
        "BEGIN; ALTER TABLE foo RENAME TO t; ALTER TABLE bar RENAME TO foo;"
            + " ALTER TABLE t RENAME TO bar; COMMIT",
        "INSERT INTO foo VALUES (3, 'was bar')",
        "INSERT INTO bar VALUES (4, 'was foo')");
    awaitEquality();
  }

  /** Only the name is selected, not the table that had it: what has the name now is wanted. */
  @Test
  void nameOfTheSelectionGoesToATableFromOutside() throws Exception {
    create("foo", 1);
    create("foo_new", 2);
    TableName foo = new TableName("public", "foo");
    start((table, isView) -> table.equals(foo));
    source.run(
        "BEGIN; ALTER TABLE foo RENAME TO foo_old; ALTER TABLE foo_new RENAME TO foo; COMMIT",
        "INSERT INTO foo VALUES (3, 'new')",
        "INSERT INTO foo_old VALUES (4, 'old')");
    run.await("the new table", () -> replica().rows("foo").equals(rows("foo")));
    assertThat(replica().names()).containsExactly("foo");
  }

  @Test
  void tableThatLeavesTheSelectionAndComesBack() throws Exception {
    create("foo", 1);
    start((table, isView) -> table.name().startsWith("foo"));
    source.run(
        "INSERT INTO foo VALUES (3, 'before')",
        "ALTER TABLE foo RENAME TO bar",
        "INSERT INTO bar VALUES (4, 'away')",
        "DELETE FROM bar WHERE id = 3",
        "ALTER TABLE bar RENAME TO foo2",
        "INSERT INTO foo2 VALUES (5, 'back')");
    awaitEquality();
    source.run("INSERT INTO foo2 VALUES (6, 'later')");
    awaitEquality();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tablesThatAreMadeAndDroppedWhileTheStreamIsBehind(boolean restarts) throws Exception {
    create("foo", 1);
    start(TableSelection.ALL_TABLES);
    target.hold();
    source.run("INSERT INTO foo VALUES (100, 'before')");
    for (int i = 0; i < 3; i++) {
      source.run("DROP TABLE foo");
      create("foo", 10 * i);
      awaitPublication(1);
      source.run("INSERT INTO foo SELECT 1000 + g, 'later' FROM generate_series(1, 5) g");
    }
    if (restarts) {
      restart();
    }
    target.release();
    awaitEquality();
    source.run("INSERT INTO foo VALUES (101, 'after')");
    awaitEquality();
  }

  /** Without a key, its rows would be there twice. */
  @Test
  void tableThatWasLoadedIsNotLoadedAgainByARestartThatFollowsAtOnce() throws Exception {
    start(TableSelection.ALL_TABLES);
    source.run("CREATE TABLE foo (id int)", "INSERT INTO foo VALUES (1)");
    run.await("the load", () -> described().contains("LOAD foo {id=1}"));
    Lsn loaded = target.position();
    run.finish();
    config = config.from(loaded).withLoaded(loads);
    start();
    source.run("INSERT INTO foo VALUES (2)");
    run.await("the next row", () -> described().contains("INSERT foo {id=2}"));
    assertThat(described()).containsOnlyOnce("LOAD foo {id=1}");
  }

  /** How many may be given ({@code -Ddynapipe.seeds}), for a longer search. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("dynapipe.seeds", 4));
  }

  /** Whatever happens to names, whenever the stream stands still or ends. */
  @ParameterizedTest
  @MethodSource("seeds")
  void anyOrder(long seed) throws Exception {
    Random random = new Random(seed);
    create("a", 1);
    create("b", 2);
    start(TableSelection.ALL_TABLES);
    Names names = new Names(random);
    source.run("SET lock_timeout = '200ms'");
    for (int i = 0; i < 120; i++) {
      switch (random.nextInt(12)) {
        case 0 -> target.hold();
        case 1, 2 -> target.release();
        case 3 -> TimeUnit.MILLISECONDS.sleep(random.nextInt(150));
        case 4 -> {
          if (random.nextInt(4) == 0) {
            run.close();
            if (random.nextBoolean()) {
              target.crashUnconfirmed(random);
            }
            restart();
          }
        }
        default -> change(names);
      }
    }
    target.release();
    awaitEquality();
    applyForReal();
  }

  /** What the target was told makes a database equal to the source, too. */
  private void applyForReal() throws Exception {
    try (SourceDatabase database = SourceDatabase.create();
        Sink sink =
            new PostgresSink(PostgresSinkSettings.of(database.url()).withLayout(Layout.COLUMNS))) {
      BatchProcessor processor = new BatchProcessor(new DmsDecoder(), sink, Clock.systemUTC());
      BatchOutcome outcome = processor.process(RandomStream.records(target.events()));
      assertThat(outcome.complete()).as("%s", outcome).isTrue();
      assertThat(sink.quarantine().list()).isEmpty();
      assertThat(names(database)).isEqualTo(names(source));
      for (String name : names(source)) {
        String rows = "SELECT id, v FROM " + name + " ORDER BY id";
        assertThat(database.query(rows)).as(name).isEqualTo(source.query(rows));
      }
    }
  }

  /** A load that is held back keeps its table from being dropped or renamed. */
  private void change(Names names) throws SQLException {
    try {
      names.change();
    } catch (SQLException e) {
      if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
      source.run("ROLLBACK");
      target.release();
    }
  }

  private void create(String table, int rows) throws SQLException {
    source.run(
        "CREATE TABLE " + table + " (id int PRIMARY KEY, v text)",
        "INSERT INTO " + table + " SELECT g, 'first' FROM generate_series(1, " + rows + ") g");
  }

  /** Loads what is there and streams from then on. */
  private void start(TableSelection selection) throws Exception {
    PostgresServer server = source.server();
    List<SourceTable> tables = server.tables(selection);
    List<String> publications = server.publications().ensure(source.name(), tables);
    Recorder loaded = new Recorder();
    try (ExportedSnapshot snapshot = server.slots().create(source.name())) {
      new FullLoad(server.connections(), tables, LoadOptions.defaults())
          .run(snapshot, loaded, () -> false);
    }
    target = new HeldHandler(server.slots().state(source.name()).confirmedFlush(), loaded.events());
    config =
        StreamConfig.of(source.name(), publications, selection, tables)
            .withTiming(StreamConfig.Timing.DEFAULT.withCatalogInterval(LOOKS))
            .withLoads(loads::put);
    start();
  }

  private void start() {
    run = StreamRun.start(source, config, target, target::confirmed);
  }

  /** Ends the process without a word, and begins where the target knows that it is. */
  private void restart() throws Exception {
    run.close();
    target.crash();
    Map<Long, SourceTable> tables = new HashMap<>();
    source.tables().forEach(table -> tables.put(table.oid(), table));
    config.history().before(target.position()).forEach(table -> tables.put(table.oid(), table));
    List<SourceTable> unloaded =
        tables.values().stream().filter(table -> target.owed().contains(table.name())).toList();
    config = config.from(target.position()).withLoaded(loads).withUnloaded(unloaded);
    start();
  }

  private void awaitPublication(int tables) throws Exception {
    run.await(
        "the publication",
        () -> {
          try {
            return source.query("SELECT 1 FROM pg_publication_tables").size() == tables;
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void awaitEquality() throws Exception {
    List<String> names = names();
    run.await(
        "the target to be what the source is",
        () -> {
          Replica replica = replica();
          return replica.names().equals(names)
              && names.stream().allMatch(name -> replica.rows(name).equals(rows(name)));
        },
        () -> names + " at the source; the target was told " + described());
  }

  private List<String> names() throws SQLException {
    return names(source);
  }

  private static List<String> names(SourceDatabase database) throws SQLException {
    return database.query(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            + " ORDER BY relname COLLATE \"C\"");
  }

  private List<String> rows(String table) {
    try {
      return source.query("SELECT * FROM " + table).stream().sorted().toList();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Replica replica() {
    Replica replica = new Replica();
    try {
      replica.apply(target.events());
    } catch (IllegalStateException e) {
      throw new AssertionError("the target was told " + described(), e);
    }
    return replica;
  }

  private List<String> described() {
    return target.events().stream().map(TableNamesIT::describe).toList();
  }

  private static String describe(ChangeEvent event) {
    String table = " " + event.table().name();
    return event instanceof TableChange change
        ? change.operation() + table
        : ((RowChange) event).operation() + table + " " + ((RowChange) event).row();
  }

  /** Changes to tables of a few names. */
  private final class Names {

    private static final List<String> ALL = List.of("a", "b", "c", "d");

    private final Random random;

    Names(Random random) {
      this.random = random;
    }

    void change() throws SQLException {
      List<String> taken = names();
      List<String> free = ALL.stream().filter(name -> !taken.contains(name)).toList();
      int kind = random.nextInt(16);
      if (!free.isEmpty() && (taken.isEmpty() || kind == 0)) {
        create(any(free), random.nextInt(4));
      } else if (kind == 1) {
        source.run("DROP TABLE " + any(taken));
      } else if (kind == 2) {
        String table = any(taken);
        source.run(
            "BEGIN; DROP TABLE "
                + table
                + "; CREATE TABLE "
                + table
                + " (v text, id int PRIMARY KEY); INSERT INTO "
                + table
                + " VALUES ('again', 1); COMMIT");
      } else if (kind <= 4 && !free.isEmpty()) {
        source.run("ALTER TABLE " + any(taken) + " RENAME TO " + any(free));
      } else if (kind == 5 && taken.size() > 1) {
        String one = any(taken);
        String other = any(taken.stream().filter(name -> !name.equals(one)).toList());
        source.run(
            "BEGIN; ALTER TABLE "
                + one
                + " RENAME TO t; ALTER TABLE "
                + other
                + " RENAME TO "
                + one
                + "; ALTER TABLE t RENAME TO "
                + other
                + "; COMMIT");
      } else if (kind == 6) {
        source.run("TRUNCATE " + any(taken));
      } else {
        row(any(taken));
      }
    }

    private void row(String table) throws SQLException {
      int id = random.nextInt(8);
      switch (random.nextInt(4)) {
        case 0 -> source.run("DELETE FROM " + table + " WHERE id = " + id);
        case 1 -> source.run("UPDATE " + table + " SET v = v || 'x' WHERE id = " + id);
        default ->
            source.run(
                "INSERT INTO "
                    + table
                    + " (id, v) VALUES ("
                    + id
                    + ", 'n"
                    + random.nextInt()
                    + "') ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v");
      }
    }

    private String any(List<String> names) {
      return names.get(random.nextInt(names.size()));
    }
  }
}
