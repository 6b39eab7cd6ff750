package io.dynapipe.source.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.Capture;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.Recorder;
import io.dynapipe.source.postgres.SourceDatabase;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.StreamRun;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables that come and go while streaming, and tables that are loaded again. */
final class TableWatchIT {

  private SourceDatabase source;
  private final Recorder recorder = new Recorder();

  @BeforeEach
  void createDatabase() throws Exception {
    source = SourceDatabase.create();
    source.run("CREATE TABLE foo (id int PRIMARY KEY)");
  }

  @AfterEach
  void dropDatabase() throws Exception {
    source.close();
  }

  @Test
  void newTableIsLoadedAndThenStreamed() throws Exception {
    try (StreamRun run = start()) {
      source.run("CREATE TABLE bar (id int, v text)", "INSERT INTO bar VALUES (1, 'loaded')");
      run.await("the load", () -> recorder.rows().size() == 1);
      source.run("INSERT INTO bar VALUES (2, 'streamed')", "INSERT INTO foo VALUES (1)");
      run.catchUp(recorder);
      assertThat(described())
          .containsExactly(
              "bar CREATE_TABLE",
              "bar LOAD {id=1, v=loaded}",
              "bar INSERT {id=2, v=streamed}",
              "foo INSERT {id=1}");
    }
  }

  @Test
  void rowsOfTransactionsThatWereOpenAreNeitherLostNorDoubled() throws Exception {
    try (StreamRun run = start();
        Connection other = source.connect();
        Statement statement = other.createStatement()) {
      source.run("BEGIN; CREATE TABLE bar (id int); COMMIT");
      other.setAutoCommit(false);
      statement.execute("INSERT INTO bar VALUES (1)");
      run.await("the publication", this::isPublished);
      statement.execute("INSERT INTO bar VALUES (2)");
      source.run("INSERT INTO bar VALUES (3)");
      run.catchUp(recorder);
      other.commit();
      run.await("the load", () -> recorder.rows().size() >= 3);
      source.run("INSERT INTO bar VALUES (4)");
      run.catchUp(recorder);
      assertThat(recorder.rows())
          .extracting(row -> row.row().text("id"))
          .containsExactlyInAnyOrder("1", "2", "3", "4");
    }
  }

  private boolean isPublished() {
    try {
      return !source.query("SELECT 1 FROM pg_publication_tables WHERE tablename = 'bar'").isEmpty();
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void droppedTableIsToldAfterItsLastRow() throws Exception {
    try (StreamRun run = start()) {
      source.run("INSERT INTO foo VALUES (1)", "DROP TABLE foo");
      run.await("the drop", () -> !recorder.tableChanges().isEmpty());
      assertThat(described()).containsExactly("foo INSERT {id=1}", "foo DROP_TABLE");
    }
  }

  @Test
  void tableThatIsMadeAnewIsDroppedAndLoaded() throws Exception {
    try (StreamRun run = start()) {
      source.run("INSERT INTO foo VALUES (1)");
      run.catchUp(recorder);
      source.run("DROP TABLE foo", "CREATE TABLE foo (name text PRIMARY KEY)");
      source.run("INSERT INTO foo VALUES ('x')");
      run.await("the new row", () -> recorder.rows().size() == 2);
      assertThat(described())
          .containsExactly(
              "foo INSERT {id=1}", "foo DROP_TABLE", "foo CREATE_TABLE", "foo LOAD {name=x}");
    }
  }

  @Test
  void tableThatCannotBePublishedWaitsAndKeepsNobodyBack() throws Exception {
    String role = "owner_" + source.name();
    source.run(
        "CREATE ROLE " + role + " LOGIN REPLICATION",
        "GRANT CREATE ON DATABASE " + source.name() + " TO " + role,
        "ALTER TABLE foo OWNER TO " + role);
    PostgresUrl url = source.url();
    PostgresServer server =
        new PostgresServer(
            new PostgresUrl(url.hosts(), url.database(), role, null, url.properties()));
    List<SourceTable> tables = source.tables();
    List<String> publications = server.publications().ensure(source.name(), tables);
    server.slots().create(source.name()).close();
    StreamConfig config =
        StreamConfig.of(source.name(), publications, TableSelection.ALL_TABLES, tables)
            .withTiming(StreamConfig.Timing.DEFAULT.withCatalogInterval(Duration.ofMillis(100)));
    ChangeStream stream = new ChangeStream(server, config);
    try (StreamRun run = StreamRun.start(source, stream, recorder)) {
      run.catchUp(recorder);
      source.run(
          "BEGIN; CREATE TABLE alien (id int); INSERT INTO alien VALUES (1);"
              + " GRANT SELECT ON alien TO "
              + role
              + "; CREATE TABLE mine (id int); INSERT INTO mine VALUES (2); ALTER TABLE mine OWNER"
              + " TO "
              + role
              + "; COMMIT");
      run.await("the load of the one", () -> described().contains("mine LOAD {id=2}"));
      assertThat(described()).doesNotContain("alien CREATE_TABLE");
      source.run("ALTER TABLE alien OWNER TO " + role);
      run.await("the load of the other", () -> described().contains("alien LOAD {id=1}"));
    } finally {
      source.run("REASSIGN OWNED BY " + role + " TO postgres", "DROP OWNED BY " + role);
      source.run("DROP ROLE " + role);
    }
  }

  @Test
  void tableIsLoadedAgainOnRequest() throws Exception {
    source.run("INSERT INTO foo VALUES (1)");
    StreamConfig config = config();
    ChangeStream stream = new ChangeStream(source.server(), config);
    try (StreamRun run = StreamRun.start(source, stream, recorder)) {
      source.run("INSERT INTO foo VALUES (2)");
      run.catchUp(recorder);
      stream.reload(new TableName("public", "foo"));
      run.await("the load", () -> recorder.rows().size() == 3);
      source.run("INSERT INTO foo VALUES (3)");
      run.catchUp(recorder);
      assertThat(described())
          .containsExactly(
              "foo INSERT {id=2}",
              "foo CREATE_TABLE",
              "foo TRUNCATE_TABLE",
              "foo LOAD {id=1}",
              "foo LOAD {id=2}",
              "foo INSERT {id=3}");
      assertThatThrownBy(() -> stream.reload(new TableName("public", "nowhere")))
          .isInstanceOf(PipelineException.class)
          .hasMessageContaining("cannot be reloaded");
    }
  }

  @Test
  void tablesMadeWhileNobodyStreamedAreLoaded() throws Exception {
    StreamConfig config = config();
    try (StreamRun run = StreamRun.start(source, config, recorder)) {
      source.run("INSERT INTO foo VALUES (1)");
      run.catchUp(recorder).finish();
    }
    source.run("CREATE TABLE bar (id int PRIMARY KEY)", "INSERT INTO bar VALUES (7)");
    source.run("ALTER TABLE foo ADD v text", "INSERT INTO foo VALUES (2, 'x')");
    recorder.clear();
    StreamConfig again =
        StreamConfig.of(config.slot(), config.publications(), config.selection(), source.tables())
            .from(recorder.position())
            .withHistory(config.history())
            .withTiming(config.timing());
    try (StreamRun run = StreamRun.start(source, again, recorder)) {
      run.await("the load", () -> recorder.rows().size() == 2);
      assertThat(described())
          .containsExactlyInAnyOrder(
              "foo ADD_COLUMN", "foo INSERT {id=2, v=x}", "bar CREATE_TABLE", "bar LOAD {id=7}");
    }
  }

  @Test
  void definitionThatWasNotDurableIsToldAgain() throws Exception {
    StreamConfig config = config();
    io.dynapipe.event.Lsn start = source.server().slots().state(config.slot()).confirmedFlush();
    try (StreamRun run =
        StreamRun.start(source, config, recorder, () -> io.dynapipe.event.Lsn.NONE)) {
      source.run("ALTER TABLE foo ADD v text", "INSERT INTO foo VALUES (2, 'x')");
      run.catchUp(recorder).finish();
    }
    recorder.clear();
    Recorder second = new Recorder();
    try (StreamRun run = StreamRun.start(source, config.from(start), second)) {
      run.catchUp(second);
      assertThat(second.tableChanges()).hasSize(1);
    }
  }

  private StreamConfig config() {
    return Capture.prepare(source)
        .withTiming(StreamConfig.Timing.DEFAULT.withCatalogInterval(Duration.ofMillis(100)));
  }

  private StreamRun start() throws Exception {
    StreamRun run = StreamRun.start(source, config(), recorder);
    run.catchUp(recorder);
    return run;
  }

  private List<String> described() {
    return recorder.events().stream().map(TableWatchIT::describe).toList();
  }

  private static String describe(ChangeEvent event) {
    String table = event.table().name() + " ";
    return event instanceof TableChange change
        ? table + change.operation()
        : table + ((RowChange) event).operation() + " " + ((RowChange) event).row();
  }
}
