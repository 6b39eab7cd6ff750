package io.dynapipe.source.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.ValueKind;
import io.dynapipe.source.postgres.Capture;
import io.dynapipe.source.postgres.SourceDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the changes of rows become. */
final class RowChangeIT {

  private static final String LONG_TEXT =
      "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 400) i)";

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
  void insertHoldsAllColumnsAndItsTransaction() throws Exception {
    source.run("CREATE TABLE foo (id int PRIMARY KEY, name text, age int)");
    try (Capture capture = Capture.changes(source)) {
      source.run("INSERT INTO foo VALUES (42, 'John', NULL), (43, 'Jane', 31)");
      List<RowChange> rows = capture.rows();
      assertThat(rows).extracting(row -> row.operation()).containsOnly(RowOperation.INSERT);
      assertThat(rows.get(0).row()).hasToString("{id=42, name=John, age=NULL}");
      assertThat(rows.get(0).before()).isNull();
      assertThat(rows)
          .extracting(row -> row.origin().recordInTransaction())
          .containsExactly(1L, 2L);
      assertThat(rows.get(0).origin().position().commit())
          .isGreaterThan(rows.get(0).origin().position().change());
    }
  }

  @Test
  void transactionsPointToThePreviousCapturedOne() throws Exception {
    source.run("CREATE TABLE foo (id int PRIMARY KEY)", "CREATE UNLOGGED TABLE other (id int)");
    try (Capture capture = Capture.changes(source)) {
      source.run("INSERT INTO foo VALUES (1), (2)", "INSERT INTO other VALUES (1)");
      source.run("INSERT INTO foo VALUES (3)");
      List<RowChange> rows = capture.rows();
      var first = rows.get(0).origin().transaction();
      var last = rows.get(2).origin().transaction();
      assertThat(first.previousId()).isNull();
      assertThat(last.previousId()).isEqualTo(first.id());
      assertThat(last.previousRecords()).isEqualTo(2);
      assertThat(last.commitMicros()).isGreaterThanOrEqualTo(first.commitMicros());
    }
  }

  @Test
  void updateThatKeepsTheKeyHasNoBeforeImage() throws Exception {
    source.run("CREATE TABLE foo (id int PRIMARY KEY, age int)", "INSERT INTO foo VALUES (1, 30)");
    try (Capture capture = Capture.changes(source)) {
      source.run("UPDATE foo SET age = 31");
      RowChange update = capture.row();
      assertThat(update.row()).hasToString("{id=1, age=31}");
      assertThat(update.before()).isNull();
    }
  }

  @Test
  void updateOfTheKeyTellsTheOldKey() throws Exception {
    source.run(
        "CREATE TABLE foo (a int, v text, b text, PRIMARY KEY (b, a))",
        "INSERT INTO foo VALUES (1, 'v', 'x')");
    try (Capture capture = Capture.changes(source)) {
      source.run("UPDATE foo SET a = 2");
      RowChange update = capture.row();
      assertThat(update.row()).hasToString("{a=2, v=v, b=x}");
      assertThat(update.before()).hasToString("{b=x, a=1}");
    }
  }

  @Test
  void deleteTellsTheKeyAndNothingElse() throws Exception {
    source.run("CREATE TABLE foo (id int PRIMARY KEY, v text)", "INSERT INTO foo VALUES (1, 'v')");
    try (Capture capture = Capture.changes(source)) {
      source.run("DELETE FROM foo");
      RowChange delete = capture.row();
      assertThat(delete.operation()).isEqualTo(RowOperation.DELETE);
      assertThat(delete.row()).hasToString("{id=1, v=ABSENT}");
    }
  }

  @Test
  void toastedValueThatWasNotTouchedIsUnchanged() throws Exception {
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, big text, age int)",
        "INSERT INTO foo SELECT 1, " + LONG_TEXT + ", 30");
    try (Capture capture = Capture.changes(source)) {
      source.run("UPDATE foo SET age = 31");
      RowChange update = capture.row();
      assertThat(update.row().kind("big")).isEqualTo(ValueKind.UNCHANGED);
      assertThat(update.row().text("age")).isEqualTo("31");
    }
  }

  @Test
  void fullReplicaIdentityFillsUnchangedToast() throws Exception {
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, big text, age int)",
        "ALTER TABLE foo REPLICA IDENTITY FULL",
        "INSERT INTO foo SELECT 1, " + LONG_TEXT + ", 30");
    String expected = source.query("SELECT big FROM foo").get(0);
    try (Capture capture = Capture.changes(source)) {
      source.run("UPDATE foo SET age = 31", "UPDATE foo SET id = 2", "DELETE FROM foo");
      List<RowChange> rows = capture.rows();
      assertThat(rows.get(0).row().text("big")).isEqualTo(expected);
      assertThat(rows.get(0).before()).isNull();
      assertThat(rows.get(1).before()).hasToString("{id=1}");
      assertThat(rows.get(2).row().text("big")).isEqualTo(expected);
    }
  }

  @Test
  void toastedKeyThatWasNotTouchedIsTold() throws Exception {
    source.run(
        "CREATE TABLE foo (id text PRIMARY KEY, age int)",
        "ALTER TABLE foo ALTER id SET STORAGE EXTERNAL",
        "INSERT INTO foo SELECT left(" + LONG_TEXT + ", 2500), 30");
    String key = source.query("SELECT id FROM foo").get(0);
    try (Capture capture = Capture.changes(source)) {
      source.run("UPDATE foo SET age = 31");
      RowChange update = capture.row();
      assertThat(update.row().text("id")).isEqualTo(key);
      assertThat(update.before()).isNull();
    }
  }

  @Test
  void tableWithoutKeyButFullIdentityTellsTheWholeOldRow() throws Exception {
    source.run(
        "CREATE TABLE foo (a int, b text)",
        "ALTER TABLE foo REPLICA IDENTITY FULL",
        "INSERT INTO foo VALUES (1, 'x')");
    try (Capture capture = Capture.changes(source)) {
      source.run("UPDATE foo SET b = 'y'", "DELETE FROM foo");
      List<RowChange> rows = capture.rows();
      assertThat(rows.get(0).before()).hasToString("{a=1, b=x}");
      assertThat(rows.get(1).row()).hasToString("{a=1, b=y}");
    }
  }

  @Test
  void identityByIndexIsTheKeyOfEvents() throws Exception {
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, code text NOT NULL UNIQUE, v int)",
        "ALTER TABLE foo REPLICA IDENTITY USING INDEX foo_code_key",
        "INSERT INTO foo VALUES (1, 'a', 1)");
    assertThat(source.table("foo").schema().primaryKey()).containsExactly("code");
    try (Capture capture = Capture.changes(source)) {
      source.run("UPDATE foo SET code = 'b'", "UPDATE foo SET id = 2", "DELETE FROM foo");
      List<RowChange> rows = capture.rows();
      assertThat(rows.get(0).before()).hasToString("{code=a}");
      assertThat(rows.get(1).before()).isNull();
      assertThat(rows.get(2).row()).hasToString("{id=ABSENT, code=b, v=ABSENT}");
    }
  }

  @Test
  void tableWithoutIdentityStaysWritableAtTheSource() throws Exception {
    source.run("CREATE TABLE foo (a int)", "CREATE TABLE bar (id int PRIMARY KEY, v int)");
    try (Capture capture = Capture.changes(source)) {
      source.run("INSERT INTO foo VALUES (1)", "UPDATE foo SET a = 2", "DELETE FROM foo");
      source.run("INSERT INTO bar VALUES (1, 1)", "UPDATE bar SET v = 2");
      assertThat(capture.rows())
          .extracting(row -> row.table().name() + " " + row.operation())
          .containsExactly("foo INSERT", "bar INSERT", "bar UPDATE");
    }
  }

  @Test
  void allBeforeImageTellsEveryOldValue() throws Exception {
    source.run(
        "CREATE TABLE foo (id int PRIMARY KEY, a int)",
        "ALTER TABLE foo REPLICA IDENTITY FULL",
        "INSERT INTO foo VALUES (1, 1)");
    StreamConfig config = Capture.prepare(source).withBeforeImage(BeforeImage.ALL);
    try (Capture capture = Capture.changes(source, config)) {
      source.run("UPDATE foo SET a = 2");
      assertThat(capture.row().before()).hasToString("{id=1, a=1}");
    }
  }

  @Test
  void truncateIsAnEventForEachTable() throws Exception {
    source.run(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent)",
        "CREATE TABLE other (id int PRIMARY KEY)");
    try (Capture capture = Capture.changes(source)) {
      source.run("INSERT INTO parent VALUES (1)", "TRUNCATE parent CASCADE");
      assertThat(capture.tableChanges())
          .allMatch(change -> change.operation() == TableOperation.TRUNCATE_TABLE)
          .extracting(change -> change.table().name())
          .containsExactlyInAnyOrder("parent", "child");
    }
  }
}
