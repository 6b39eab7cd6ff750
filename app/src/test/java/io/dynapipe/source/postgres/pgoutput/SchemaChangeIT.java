package io.dynapipe.source.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.DataType;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.source.postgres.Capture;
import io.dynapipe.source.postgres.SourceDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of definition while streaming: told before the first row that needs them. */
final class SchemaChangeIT {

  private SourceDatabase source;

  @BeforeEach
  void createDatabase() throws Exception {
    source = SourceDatabase.create();
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, a text, b int)", "INSERT INTO foo VALUES (1)");
  }

  @AfterEach
  void dropDatabase() throws Exception {
    source.close();
  }

  @Test
  void unchangedTableIsNotToldAgain() throws Exception {
    try (Capture capture = Capture.changes(source)) {
      source.run("INSERT INTO foo VALUES (2, 'x', 3)", "ANALYZE foo", "INSERT INTO foo VALUES (3)");
      assertThat(capture.events()).hasOnlyElementsOfType(RowChange.class).hasSize(2);
    }
  }

  @Test
  void addedColumnIsToldBeforeItsFirstRow() throws Exception {
    try (Capture capture = Capture.changes(source)) {
      source.run("ALTER TABLE foo ADD c numeric(5,1) NOT NULL DEFAULT 7", "UPDATE foo SET c = 8");
      List<ChangeEvent> events = capture.events();
      TableChange change = (TableChange) events.get(0);
      assertThat(change.operation()).isEqualTo(TableOperation.ADD_COLUMN);
      assertThat(change.schema().columnNames()).hasToString("[id, a, b, c]");
      assertThat(change.schema().column("c").type()).isEqualTo(DataType.DECIMAL);
      assertThat(change.schema().column("c").nullable()).isFalse();
      assertThat(((RowChange) events.get(1)).row()).hasToString("{id=1, a=NULL, b=NULL, c=8.0}");
    }
  }

  @Test
  void droppedColumnIsTold() throws Exception {
    try (Capture capture = Capture.changes(source)) {
      source.run("ALTER TABLE foo DROP a", "UPDATE foo SET b = 8");
      List<ChangeEvent> events = capture.events();
      assertThat(((TableChange) events.get(0)).operation()).isEqualTo(TableOperation.DROP_COLUMN);
      assertThat(((RowChange) events.get(1)).row()).hasToString("{id=1, b=8}");
    }
  }

  @Test
  void renamedColumnIsARenameAndNotADropAndAnAdd() throws Exception {
    try (Capture capture = Capture.changes(source)) {
      source.run("ALTER TABLE foo RENAME a TO z", "UPDATE foo SET b = 8");
      List<TableChange> changes = capture.tableChanges();
      assertThat(changes)
          .extracting(TableChange::operation)
          .containsExactly(TableOperation.RENAME_COLUMN);
      assertThat(changes.get(0).renamedColumns()).isEqualTo(Map.of("a", "z"));
      assertThat(changes.get(0).schema().columnNames()).hasToString("[id, z, b]");
    }
  }

  @Test
  void swappedNamesAreOneRename() throws Exception {
    try (Capture capture = Capture.changes(source)) {
      source.run(
          "BEGIN; ALTER TABLE foo RENAME a TO t; ALTER TABLE foo RENAME b TO a;"
              + " ALTER TABLE foo RENAME t TO b; UPDATE foo SET a = 8; COMMIT");
      List<TableChange> changes = capture.tableChanges();
      assertThat(changes).hasSize(1);
      assertThat(changes.get(0).renamedColumns()).isEqualTo(Map.of("a", "b", "b", "a"));
    }
  }

  @Test
  void columnThatTakesTheNameOfADroppedOneIsADropAndAnAdd() throws Exception {
    try (Capture capture = Capture.changes(source)) {
      source.run("ALTER TABLE foo DROP a", "ALTER TABLE foo ADD a text", "UPDATE foo SET a = 'n'");
      assertThat(capture.tableChanges())
          .extracting(TableChange::operation)
          .containsExactly(TableOperation.DROP_COLUMN, TableOperation.ADD_COLUMN);
    }
  }

  @Test
  void changedTypeIsTold() throws Exception {
    try (Capture capture = Capture.changes(source)) {
      source.run("ALTER TABLE foo ALTER b TYPE bigint", "UPDATE foo SET b = 5000000000");
      List<ChangeEvent> events = capture.events();
      TableChange change = (TableChange) events.get(0);
      assertThat(change.operation()).isEqualTo(TableOperation.COLUMN_TYPE_CHANGE);
      assertThat(change.schema().column("b").type()).isEqualTo(DataType.INT64);
      assertThat(((RowChange) events.get(1)).row().text("b")).isEqualTo("5000000000");
    }
  }

  @Test
  void renamedTableGoesOnUnderItsNewName() throws Exception {
    source.run("CREATE SCHEMA other");
    try (Capture capture = Capture.changes(source)) {
      source.run("ALTER TABLE foo RENAME TO bar", "ALTER TABLE bar SET SCHEMA other");
      source.run("INSERT INTO other.bar VALUES (2)");
      List<ChangeEvent> events = capture.events();
      TableChange change = (TableChange) events.get(0);
      assertThat(change.operation()).isEqualTo(TableOperation.RENAME_TABLE);
      assertThat(change.previousTable()).isEqualTo(new TableName("public", "foo"));
      assertThat(events.get(1).table()).isEqualTo(new TableName("other", "bar"));
    }
  }

  @Test
  void changesThatTheCatalogueHasForgottenAreStillSeenInOrder() throws Exception {
    StreamConfig config = Capture.prepare(source);
    source.run("ALTER TABLE foo ADD c int", "UPDATE foo SET c = 1");
    source.run("ALTER TABLE foo RENAME c TO d", "UPDATE foo SET d = 2");
    source.run("ALTER TABLE foo RENAME d TO e", "UPDATE foo SET e = 3");
    source.run("ALTER TABLE foo DROP e", "UPDATE foo SET b = 4");
    try (Capture capture = Capture.changes(source, config)) {
      List<ChangeEvent> events = capture.events();
      assertThat(events.stream().map(SchemaChangeIT::describe))
          .containsExactly(
              "ADD_COLUMN [id, a, b, c]",
              "{id=1, a=NULL, b=NULL, c=1}",
              "RENAME_COLUMN [id, a, b, d]",
              "{id=1, a=NULL, b=NULL, d=2}",
              "RENAME_COLUMN [id, a, b, e]",
              "{id=1, a=NULL, b=NULL, e=3}",
              "DROP_COLUMN [id, a, b]",
              "{id=1, a=NULL, b=4}");
    }
  }

  @Test
  void rowsOlderThanTheDefinitionThatWasToldLoseNothing() throws Exception {
    StreamConfig before = Capture.prepare(source);
    source.run("UPDATE foo SET a = 'old'", "ALTER TABLE foo ADD c int", "UPDATE foo SET c = 1");
    StreamConfig config =
        StreamConfig.of(before.slot(), before.publications(), before.selection(), source.tables());
    try (Capture capture = Capture.changes(source, config)) {
      assertThat(capture.events().stream().map(SchemaChangeIT::describe))
          .containsExactly("{id=1, a=old, b=NULL}", "{id=1, a=old, b=NULL, c=1}");
    }
  }

  @Test
  void tableThatWasDroppedLongAgoIsStillDecoded() throws Exception {
    source.run("CREATE TYPE mood AS ENUM ('ok')", "CREATE TABLE gone (id int PRIMARY KEY, m mood)");
    StreamConfig config = Capture.prepare(source);
    source.run("INSERT INTO gone VALUES (1, 'ok')", "DROP TABLE gone", "DROP TYPE mood");
    StreamConfig unknowing = unknowing(config);
    try (Capture capture = Capture.changes(source, unknowing)) {
      assertThat(capture.events().stream().map(SchemaChangeIT::describe))
          .containsExactly("CREATE_TABLE [id, m]", "{id=1, m=ok}");
    }
  }

  @Test
  void unknownTableIsToldWithItsFullDefinition() throws Exception {
    StreamConfig config = Capture.prepare(source);
    StreamConfig unknowing = unknowing(config);
    try (Capture capture = Capture.changes(source, unknowing)) {
      source.run("INSERT INTO foo VALUES (2)");
      TableChange change = (TableChange) capture.events().get(0);
      assertThat(change.operation()).isEqualTo(TableOperation.CREATE_TABLE);
      assertThat(change.schema()).isEqualTo(source.table("foo").schema());
    }
  }

  /** Does not know any table, and does not look for them either. */
  private static StreamConfig unknowing(StreamConfig config) {
    return StreamConfig.of(config.slot(), config.publications(), config.selection(), List.of())
        .withTiming(StreamConfig.Timing.DEFAULT.withCatalogInterval(Duration.ZERO));
  }

  private static String describe(ChangeEvent event) {
    if (event instanceof TableChange change) {
      return change.operation() + " " + change.schema().columnNames();
    }
    return ((RowChange) event).row().toString();
  }
}
