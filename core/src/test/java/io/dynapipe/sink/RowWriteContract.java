package io.dynapipe.sink;

import static io.dynapipe.event.ValueKind.ABSENT;
import static io.dynapipe.event.ValueKind.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How each kind of write changes rows that have a key. */
interface RowWriteContract extends ContractFixture {

  TestTable PEOPLE = TestTable.people();

  @Test
  default void putInsertsRows() {
    create(PEOPLE);
    write(
        PEOPLE,
        PEOPLE.put(42, "John", 30, "{\"foo\": \"bar\"}"),
        PEOPLE.put(43, "Jane", 31, "{\"baz\": \"qux\"}"));

    assertRows(
        PEOPLE,
        PEOPLE.row(42, "John", 30, "{\"foo\":\"bar\"}"),
        PEOPLE.row(43, "Jane", 31, "{\"baz\":\"qux\"}"));
  }

  @Test
  default void putReplacesTheWholeRow() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(42, "John", 30, "{\"a\": {\"b\": 1, \"c\": 2}}"));
    write(PEOPLE, PEOPLE.put(42, null, 31, "{\"a\": {\"b\": 2}}"));

    assertRows(PEOPLE, PEOPLE.row(42, null, 31, "{\"a\": {\"b\": 2}}"));
  }

  @Test
  default void putForgetsColumnsThatTheRowDoesNotHold() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(42, "John", 30, "{}"));
    write(PEOPLE, PEOPLE.put(42, ABSENT, 31, ABSENT));

    assertRows(PEOPLE, PEOPLE.row(42, null, 31, null));
  }

  @Test
  default void mergeKeepsColumnsThatTheRowDoesNotHold() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(42, "John", 30, "{\"a\": 1}"), PEOPLE.put(43, "Jane", 31, "[]"));
    write(
        PEOPLE,
        PEOPLE.merge(42, "Johnny", ABSENT, UNCHANGED),
        PEOPLE.merge(43, UNCHANGED, null, "[2]"));

    assertRows(
        PEOPLE, PEOPLE.row(42, "Johnny", 30, "{\"a\": 1}"), PEOPLE.row(43, "Jane", null, "[2]"));
  }

  @Test
  default void mergeReplacesDocumentsWhole() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(42, "John", 30, "{\"a\": 1, \"b\": {\"c\": 2}}"));
    write(PEOPLE, PEOPLE.merge(42, UNCHANGED, 30, "{\"b\": {\"d\": 3}}"));

    assertRows(PEOPLE, PEOPLE.row(42, "John", 30, "{\"b\": {\"d\": 3}}"));
  }

  @Test
  default void mergeInsertsWhenThereIsNoRow() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.merge(42, "John", UNCHANGED, UNCHANGED));

    assertRows(PEOPLE, PEOPLE.row(42, "John", ABSENT, ABSENT));
  }

  @Test
  default void deleteRemovesTheRowAndNoOther() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(42, "John", 30, null), PEOPLE.put(43, "Jane", 31, null));
    write(PEOPLE, PEOPLE.delete(42), PEOPLE.delete(44));
    assertRows(PEOPLE, PEOPLE.row(43, "Jane", 31, null));

    write(PEOPLE, PEOPLE.delete(42), PEOPLE.delete(43));
    assertRows(PEOPLE);
  }

  @Test
  default void deleteNeedsNoMoreThanTheKey() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(42, "John", 30, null));
    Row keyOnly = TestTable.rowOf(ColumnNames.of("id"), 42);
    write(PEOPLE, RowWrite.delete(RowKey.of(keyOnly, ColumnNames.of("id")), keyOnly));

    assertRows(PEOPLE);
  }

  @Test
  default void moveCarriesUnchangedColumnsToTheNewKey() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(46, "Jane", 31, "{\"big\": true}"));
    write(PEOPLE, PEOPLE.move(46, 45, "Janet", 31, UNCHANGED));

    assertRows(PEOPLE, PEOPLE.row(45, "Janet", 31, "{\"big\": true}"));
  }

  @Test
  default void moveToAKeyThatIsThereIsAReplayAndKeepsThatRow() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "One", 1, "[1]"), PEOPLE.put(2, "Two", 2, "[2]"));
    write(PEOPLE, PEOPLE.move(1, 2, "Uno", 1, UNCHANGED));

    assertRows(PEOPLE, PEOPLE.row(2, "Uno", 1, "[2]"));
  }

  @Test
  default void moveWithoutAPreviousRowKeepsWhatTheNewKeyHas() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(2, "Uno", 1, "[1]"));
    write(PEOPLE, PEOPLE.move(1, 2, "Uno", 7, UNCHANGED), PEOPLE.move(3, 4, "Four", 4, UNCHANGED));

    assertRows(PEOPLE, PEOPLE.row(2, "Uno", 7, "[1]"), PEOPLE.row(4, "Four", 4, ABSENT));
  }

  @Test
  default void oneBatchHoldsWritesOfEveryKind() {
    create(PEOPLE);
    write(
        PEOPLE,
        PEOPLE.put(1, "a", 1, "[1]"),
        PEOPLE.put(2, "b", 2, "[2]"),
        PEOPLE.put(3, "c", 3, "[3]"));
    write(
        PEOPLE,
        PEOPLE.move(3, 30, "c", 33, UNCHANGED),
        PEOPLE.delete(1),
        PEOPLE.put(4, "d", 4, "[4]"),
        PEOPLE.merge(2, "bb", UNCHANGED, UNCHANGED),
        PEOPLE.merge(5, UNCHANGED, 5, null));

    assertRows(
        PEOPLE,
        PEOPLE.row(2, "bb", 2, "[2]"),
        PEOPLE.row(30, "c", 33, "[3]"),
        PEOPLE.row(4, "d", 4, "[4]"),
        PEOPLE.row(5, null, 5, null));
  }

  @Test
  default void anEmptyBatchChangesNothing() {
    create(PEOPLE);
    write(PEOPLE, List.of());

    assertRows(PEOPLE);
  }

  @Test
  default void rowsMayHaveTheirColumnsInAnyOrderAndNumber() {
    create(PEOPLE);
    Row turned = TestTable.rowOf(ColumnNames.of("age", "name", "id"), 30, "John", 42);
    Row small = TestTable.rowOf(ColumnNames.of("id", "age"), 43, 31);
    write(
        PEOPLE,
        RowWrite.put(RowKey.of(turned, ColumnNames.of("id")), turned),
        RowWrite.put(RowKey.of(small, ColumnNames.of("id")), small),
        PEOPLE.put(44, "Jim", 32, "{}"));

    assertRows(
        PEOPLE,
        PEOPLE.row(42, "John", 30, null),
        PEOPLE.row(43, null, 31, null),
        PEOPLE.row(44, "Jim", 32, "{}"));
  }

  @Test
  default void takesABatchOfFiftyThousandRows() {
    create(PEOPLE);
    List<RowWrite> writes = new ArrayList<>();
    Row[] rows = new Row[50_000];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = PEOPLE.row(i, "name " + i, i % 100, "{\"i\": " + i + "}");
      writes.add(PEOPLE.put(i, "name " + i, i % 100, "{\"i\": " + i + "}"));
    }
    write(PEOPLE, writes);
    write(PEOPLE, writes);

    assertThat(probe().rows(PEOPLE.schema())).isEqualTo(List.of(PEOPLE.expected(rows)));
  }
}
