package io.dynapipe.sink;

import static io.dynapipe.event.ValueKind.ABSENT;
import static io.dynapipe.event.ValueKind.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A table that a person made, one column {@code data} as in the walkthrough, is used as it is. */
interface ExistingTableContract extends ContractFixture {

  TestTable PEOPLE = TestTable.people();

  @Test
  default void writesOfEveryKindReachATableWithoutAKey() {
    probe().createDataTable(PEOPLE.name());
    create(PEOPLE);
    write(
        PEOPLE,
        PEOPLE.put(42, "John", 30, "{\"foo\": \"bar\"}"),
        PEOPLE.put(43, "Jane", 31, "{\"baz\": \"qux\"}"));
    write(PEOPLE, PEOPLE.put(43, "Jane", 32, "{\"baz\": \"qux\"}"));
    write(PEOPLE, PEOPLE.merge(43, UNCHANGED, 33, UNCHANGED), PEOPLE.merge(44, "Jim", 1, ABSENT));
    assertRows(
        PEOPLE,
        PEOPLE.row(42, "John", 30, "{\"foo\": \"bar\"}"),
        PEOPLE.row(43, "Jane", 33, "{\"baz\": \"qux\"}"),
        PEOPLE.row(44, "Jim", 1, null));

    write(PEOPLE, PEOPLE.move(43, 45, "Jane", 34, UNCHANGED), PEOPLE.delete(42));
    assertRows(
        PEOPLE, PEOPLE.row(44, "Jim", 1, null), PEOPLE.row(45, "Jane", 34, "{\"baz\": \"qux\"}"));

    write(PEOPLE, PEOPLE.delete(44), PEOPLE.delete(45), PEOPLE.delete(46));
    assertRows(PEOPLE);
  }

  @Test
  default void writesInOneBatchReachATableWithoutAKey() {
    probe().createDataTable(PEOPLE.name());
    create(PEOPLE);
    List<RowWrite> load = new ArrayList<>();
    List<RowWrite> updates = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      load.add(PEOPLE.put(i, "n" + i, i, "[]"));
      updates.add(i % 2 == 0 ? PEOPLE.delete(i) : PEOPLE.merge(i, UNCHANGED, -i, UNCHANGED));
      if (i % 2 == 1) {
        rows.add(PEOPLE.row(i, "n" + i, -i, "[]"));
      }
    }
    for (int time = 0; time < 2; time++) {
      write(PEOPLE, load);
      write(PEOPLE, updates);
    }

    assertRows(PEOPLE, rows.toArray(new Row[0]));
  }

  @Test
  default void dropEmptiesTheTableAndKeepsItsDefinition() {
    probe().createDataTable(PEOPLE.name());
    String before = probe().describe(PEOPLE.name());
    sink().apply(PEOPLE.drop());
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(42, "John", 30, "{}"));
    reopen();
    sink().apply(PEOPLE.drop());
    sink().apply(PEOPLE.drop());

    assertThat(probe().exists(PEOPLE.name())).isTrue();
    assertRows(PEOPLE);
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(43, "Jane", 31, "{}"));
    assertRows(PEOPLE, PEOPLE.row(43, "Jane", 31, "{}"));
    assertThat(probe().describe(PEOPLE.name())).startsWith(before);
  }

  @Test
  default void keylessTablesAreCountedExactlyThereToo() {
    TestTable log = TestTable.log();
    probe().createDataTable(log.name());
    create(log);
    for (int time = 0; time < 2; time++) {
      write(log, log.append("s:1", 1, "a"), log.append("s:2", 1, "a"), log.append("s:3", 2, "b"));
      write(log, log.removeOne("s:4", 1, "a"));
    }

    assertRows(log, log.row(1, "a"), log.row(2, "b"));
  }
}
