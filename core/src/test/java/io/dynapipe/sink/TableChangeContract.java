package io.dynapipe.sink;

import static io.dynapipe.event.ValueKind.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Table changes of every kind, each applied twice, and what is known of tables afterwards. */
interface TableChangeContract extends ContractFixture {

  TestTable PEOPLE = TestTable.people();
  Column NOTE = TestTable.column("note", DataType.STRING, "text");

  @Test
  default void createMakesATableAndRecordsItsDefinition() {
    assertThat(sink().schema(PEOPLE.name())).isNull();
    create(PEOPLE);
    create(PEOPLE);

    assertThat(probe().exists(PEOPLE.name())).isTrue();
    assertThat(sink().schema(PEOPLE.name())).isEqualTo(PEOPLE.schema());
    reopen();
    assertThat(sink().schema(PEOPLE.name())).isEqualTo(PEOPLE.schema());
  }

  @Test
  default void createOfATableThatHoldsRowsKeepsThem() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[]"));
    create(PEOPLE);
    reopen();
    create(PEOPLE);

    assertRows(PEOPLE, PEOPLE.row(1, "a", 1, "[]"));
  }

  @Test
  default void createWithAnotherDefinitionTakesTheNewColumns() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[]"));
    TestTable wide = PEOPLE.plus(NOTE).plus(TestTable.column("ok", DataType.BOOLEAN, "bool"));
    create(wide);
    write(
        wide, wide.put(2, "b", 2, null, "new", true), wide.merge(1, "a", 1, UNCHANGED, "n", false));

    assertRows(wide, wide.row(1, "a", 1, "[]", "n", false), wide.row(2, "b", 2, null, "new", true));
    assertThat(sink().schema(PEOPLE.name())).isEqualTo(wide.schema());
  }

  @Test
  default void dropRemovesATableThatTheSinkMade() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[]"));
    sink().apply(PEOPLE.drop());
    sink().apply(PEOPLE.drop());

    assertThat(probe().exists(PEOPLE.name())).isFalse();
    assertThat(sink().schema(PEOPLE.name())).isNull();
  }

  @Test
  default void dropAndCreateStartAfresh() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[]"));
    TestTable other =
        TestTable.of(
            "people",
            List.of("code"),
            TestTable.column("code", DataType.STRING, "text"),
            TestTable.column("age", DataType.STRING, "text"));
    sink().apply(PEOPLE.drop());
    create(other);
    write(other, other.put("x", "old"));

    assertRows(other, other.row("x", "old"));
  }

  @Test
  default void truncateEmptiesTheTableAndKeepsItsDefinition() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[]"));
    sink().apply(PEOPLE.truncate());
    sink().apply(PEOPLE.truncate());
    assertRows(PEOPLE);

    assertThat(sink().schema(PEOPLE.name())).isEqualTo(PEOPLE.schema());
    write(PEOPLE, PEOPLE.put(1, "b", 1, "[]"));
    assertRows(PEOPLE, PEOPLE.row(1, "b", 1, "[]"));
  }

  @Test
  default void renameTableTakesRowsAndDefinitionAlong() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[]"), PEOPLE.put(2, "b", 2, "[]"));
    TestTable persons = PEOPLE.named("persons");
    sink().apply(persons.renamedFrom(PEOPLE));
    sink().apply(persons.renamedFrom(PEOPLE));
    reopen();
    write(persons, persons.merge(1, "aa", 1, UNCHANGED), persons.delete(2));

    assertRows(persons, persons.row(1, "aa", 1, "[]"));
    assertThat(probe().exists(PEOPLE.name())).isFalse();
    assertThat(sink().schema(persons.name())).isEqualTo(persons.schema());
  }

  @Test
  default void aNewTableMayTakeTheNameOfARenamedOne() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[]"));
    TestTable old = PEOPLE.named("people_old");
    sink().apply(old.renamedFrom(PEOPLE));
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(2, "b", 2, "[]"));
    write(old, old.put(3, "c", 3, "[]"));

    assertRows(PEOPLE, PEOPLE.row(2, "b", 2, "[]"));
    assertRows(old, old.row(1, "a", 1, "[]"), old.row(3, "c", 3, "[]"));
  }

  @Test
  default void addColumnTakesItsValuesFromThenOn() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[]"));
    TestTable wide = PEOPLE.plus(NOTE);
    sink().apply(wide.change(TableOperation.ADD_COLUMN));
    sink().apply(wide.change(TableOperation.ADD_COLUMN));
    write(wide, wide.put(2, "b", 2, "[]", "new"));

    assertRows(wide, wide.row(1, "a", 1, "[]", null), wide.row(2, "b", 2, "[]", "new"));
    assertThat(sink().schema(PEOPLE.name())).isEqualTo(wide.schema());
  }

  @Test
  default void dropColumnTakesItsValuesAway() {
    TestTable wide = PEOPLE.plus(NOTE);
    create(wide);
    write(wide, wide.put(1, "a", 1, "[]", "gone"), wide.put(2, "b", 2, "[]", null));
    sink().apply(PEOPLE.change(TableOperation.DROP_COLUMN));
    sink().apply(PEOPLE.change(TableOperation.DROP_COLUMN));
    assertRows(PEOPLE, PEOPLE.row(1, "a", 1, "[]"), PEOPLE.row(2, "b", 2, "[]"));

    TestTable again = PEOPLE.plus(TestTable.column("note", DataType.INT32, "int4"));
    sink().apply(again.change(TableOperation.ADD_COLUMN));
    write(again, again.merge(2, UNCHANGED, UNCHANGED, UNCHANGED, 7));
    assertRows(again, again.row(1, "a", 1, "[]", null), again.row(2, "b", 2, "[]", 7));
  }

  @Test
  default void renameColumnTakesItsValuesAlong() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[1]"), PEOPLE.put(2, null, 2, null));
    List<Column> columns = PEOPLE.schema().columns();
    TestTable renamed =
        PEOPLE.with(
            columns.get(0), columns.get(1).withName("full.name"), columns.get(2), columns.get(3));
    sink().apply(renamed.renamedColumns(Map.of("name", "full.name")));
    sink().apply(renamed.renamedColumns(Map.of("name", "full.name")));
    assertRows(renamed, renamed.row(1, "a", 1, "[1]"), renamed.row(2, null, 2, null));

    write(renamed, renamed.merge(1, "b", 1, UNCHANGED), renamed.put(2, "c", 2, null));
    assertRows(renamed, renamed.row(1, "b", 1, "[1]"), renamed.row(2, "c", 2, null));
    assertThat(sink().schema(PEOPLE.name())).isEqualTo(renamed.schema());
  }

  @Test
  default void renameOfAKeyColumnKeepsRowsAddressable() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[1]"), PEOPLE.put(2, "b", 2, "[2]"));
    List<Column> columns = PEOPLE.schema().columns();
    TestTable renamed =
        new TestTable(
            new TableSchema(
                PEOPLE.name(),
                List.of(
                    columns.get(0).withName("ident"),
                    columns.get(1),
                    columns.get(2),
                    columns.get(3)),
                List.of("ident")));
    sink().apply(renamed.renamedColumns(Map.of("id", "ident")));
    sink().apply(renamed.renamedColumns(Map.of("id", "ident")));
    write(renamed, renamed.merge(1, "aa", 1, UNCHANGED), renamed.delete(2));

    assertRows(renamed, renamed.row(1, "aa", 1, "[1]"));
  }

  @Test
  default void changeColumnsAppliesTheNewDefinition() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[1]"));
    List<Column> columns = PEOPLE.schema().columns();
    TestTable changed =
        PEOPLE.with(
            columns.get(0), TestTable.column("age", DataType.INT64, "int8"), columns.get(3), NOTE);
    sink().apply(changed.change(TableOperation.CHANGE_COLUMNS));
    sink().apply(changed.change(TableOperation.CHANGE_COLUMNS));
    write(changed, changed.put(2, Long.MAX_VALUE, null, "n"));

    assertRows(changed, changed.row(1, 1, "[1]", null), changed.row(2, Long.MAX_VALUE, null, "n"));
  }

  @Test
  default void aWiderTypeTakesWiderValues() {
    create(PEOPLE);
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[1]"));
    TestTable wider = withAge(DataType.INT64, "int8");
    sink().apply(wider.change(TableOperation.COLUMN_TYPE_CHANGE));
    sink().apply(wider.change(TableOperation.COLUMN_TYPE_CHANGE));
    write(wider, wider.put(2, "b", Long.MIN_VALUE, null));
    assertRows(wider, wider.row(1, "a", 1, "[1]"), wider.row(2, "b", Long.MIN_VALUE, null));

    TestTable text = withAge(DataType.STRING, "text");
    sink().apply(text.change(TableOperation.COLUMN_TYPE_CHANGE));
    write(text, text.put(3, "c", "old", null), text.merge(1, UNCHANGED, "1", UNCHANGED));
    assertRows(
        text,
        text.row(1, "a", "1", "[1]"),
        text.row(2, "b", Long.toString(Long.MIN_VALUE), null),
        text.row(3, "c", "old", null));
    assertThat(sink().schema(PEOPLE.name())).isEqualTo(text.schema());
  }

  @Test
  default void aNarrowerOrOtherTypeLosesNothing() {
    TestTable wide = withAge(DataType.DECIMAL, "numeric");
    create(wide);
    write(
        wide, wide.put(1, "a", new java.math.BigDecimal("1.5"), "[1]"), wide.put(2, "b", 7, null));
    TestTable narrow = withAge(DataType.INT16, "int2");
    sink().apply(narrow.change(TableOperation.COLUMN_TYPE_CHANGE));
    sink().apply(narrow.change(TableOperation.COLUMN_TYPE_CHANGE));
    write(narrow, narrow.put(3, "c", 3, null), narrow.merge(2, "bb", UNCHANGED, UNCHANGED));
    assertRows(
        narrow,
        narrow.row(1, "a", new java.math.BigDecimal("1.5"), "[1]"),
        narrow.row(2, "bb", 7, null),
        narrow.row(3, "c", 3, null));

    TestTable document = withAge(DataType.STRING, "jsonb");
    sink().apply(document.change(TableOperation.COLUMN_TYPE_CHANGE));
    write(
        document,
        document.put(1, "a", "{\"years\": 1}", null),
        document.put(2, "b", "null", null),
        document.put(3, "c", "[3]", null));
    assertRows(
        document,
        document.row(1, "a", "{\"years\": 1}", null),
        document.row(2, "b", "null", null),
        document.row(3, "c", "[3]", null));
  }

  private static TestTable withAge(DataType type, String sourceType) {
    List<Column> columns = PEOPLE.schema().columns();
    return PEOPLE.with(
        columns.get(0), columns.get(1), TestTable.column("age", type, sourceType), columns.get(3));
  }

  @Test
  default void tablesOfDifferentNamesAreDifferent() {
    TestTable upper = PEOPLE.named("People");
    create(PEOPLE);
    create(upper);
    write(PEOPLE, PEOPLE.put(1, "a", 1, null));
    write(upper, upper.put(1, "b", 1, null));
    sink().apply(upper.drop());

    assertRows(PEOPLE, PEOPLE.row(1, "a", 1, null));
  }
}
