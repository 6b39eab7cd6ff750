package io.dynapipe.sink;

import static io.dynapipe.event.ValueKind.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values are kept exactly or refused with a reason; never changed. */
interface ValueContract extends ContractFixture {

  @ParameterizedTest
  @MethodSource("io.dynapipe.sink.ExtremeValue#all")
  default void keepsAnExtremeValueExactlyOrRefusesIt(ExtremeValue extreme) {
    TestTable table = tableOf(extreme);
    create(table);
    write(table, table.put(1, extreme.ordinary(), "a"), table.put(2, null, "b"));

    List<RowFailure> failures =
        sink()
            .write(
                table.name(),
                List.of(
                    table.put(3, extreme.value(), "c"),
                    table.put(4, extreme.ordinary(), "d"),
                    table.put(5, null, "e")));

    Row ordinary1 = table.row(1, extreme.ordinary(), "a");
    Row null2 = table.row(2, null, "b");
    Row ordinary4 = table.row(4, extreme.ordinary(), "d");
    Row null5 = table.row(5, null, "e");
    if (!refusedValues().contains(extreme.label())) {
      assertThat(failures).isEmpty();
      assertRows(table, ordinary1, null2, table.row(3, extreme.value(), "c"), ordinary4, null5);
    } else {
      assertThat(failures).singleElement().satisfies(f -> assertThat(f.reason()).isNotBlank());
      assertRows(table, ordinary1, null2, ordinary4, null5);
    }
  }

  @ParameterizedTest
  @MethodSource("io.dynapipe.sink.ExtremeValue#all")
  default void carriesAnExtremeValueThroughMergesAndMoves(ExtremeValue extreme) {
    TestTable table = tableOf(extreme);
    create(table);
    if (refusedValues().contains(extreme.label())) {
      return; // the test above is about it
    }
    write(table, table.put(1, extreme.value(), "a"));
    write(table, table.merge(1, UNCHANGED, "b"));
    assertRows(table, table.row(1, extreme.value(), "b"));

    write(table, table.move(1, 2, UNCHANGED, "c"));
    assertRows(table, table.row(2, extreme.value(), "c"));

    write(table, table.merge(2, extreme.ordinary(), UNCHANGED));
    assertRows(table, table.row(2, extreme.ordinary(), "c"));

    write(table, table.merge(2, extreme.value(), UNCHANGED));
    assertRows(table, table.row(2, extreme.value(), "c"));

    write(table, table.merge(2, null, UNCHANGED));
    assertRows(table, table.row(2, null, "c"));
  }

  private static TestTable tableOf(ExtremeValue extreme) {
    return TestTable.of(
        "extremes",
        List.of("id"),
        TestTable.column("id", DataType.INT32, "int4"),
        TestTable.column("v", extreme.type(), extreme.sourceType()),
        TestTable.column("note", DataType.STRING, "text"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.b", "a[b]", "a]", "a\nb", "a\tb", "a\"b", "a'b", "a\\b", " a ", "_id", "_x", "$a", "A",
        "select", "pk", "data", "aux", "a?b", "a:b", "a%b", "ä€😀", "a;--", "{}", "1", "-"
      })
  default void takesAnyColumnName(String name) {
    takesColumn(name);
  }

  @Test
  default void takesAColumnNameOfThreeHundredCharacters() {
    takesColumn("n".repeat(300));
  }

  private void takesColumn(String name) {
    TestTable table =
        TestTable.of(
            "names",
            List.of("id"),
            TestTable.column("id", DataType.INT32, "int4"),
            TestTable.column(name, DataType.STRING, "text"),
            TestTable.column("j", DataType.STRING, "jsonb"));
    create(table);
    write(table, table.put(1, "one", "{\"v\": 1}"), table.put(2, "two", null));
    write(table, table.merge(1, UNCHANGED, "{\"v\": 2}"), table.merge(2, "too", UNCHANGED));

    assertRows(table, table.row(1, "one", "{\"v\": 2}"), table.row(2, "too", null));
  }

  @Test
  default void keepsTwoLongColumnNamesApart() {
    String name = "n".repeat(299);
    TestTable table =
        TestTable.of(
            "names",
            List.of("id"),
            TestTable.column("id", DataType.INT32, "int4"),
            TestTable.column(name + 1, DataType.STRING, "text"),
            TestTable.column(name + 2, DataType.STRING, "text"));
    create(table);
    write(table, table.put(1, "one", "two"));

    assertRows(table, table.row(1, "one", "two"));
  }

  @Test
  default void takesManyColumns() {
    Column[] columns = new Column[1_200];
    Object[] values = new Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = TestTable.column("c" + i, DataType.INT32, "int4");
      values[i] = i;
    }
    TestTable table = TestTable.of("wide", List.of("c0"), columns);
    create(table);
    write(table, table.put(values));

    assertRows(table, table.row(values));
  }

  @Test
  default void takesATableNameWithSpecialCharacters() {
    TestTable table = TestTable.people().named("My \"Table\" ä");
    create(table);
    write(table, table.put(1, "a", 1, "[]"));

    assertRows(table, table.row(1, "a", 1, "[]"));
  }
}
