package io.dynapipe.sink;

import static io.dynapipe.event.ValueKind.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.DataType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Different keys are different rows, in every type that keys have. */
interface KeyContract extends ContractFixture {

  /** Column type, source type and two keys that a careless target takes for one. */
  static Stream<Arguments> neighbours() {
    return Stream.of(
        Arguments.of(DataType.INT32, "int4", 1, -1),
        Arguments.of(DataType.INT64, "int8", 9007199254740992L, 9007199254740993L),
        Arguments.of(DataType.INT64, "int8", Long.MAX_VALUE - 1, Long.MAX_VALUE),
        Arguments.of(DataType.INT64, "int8", Long.MIN_VALUE, Long.MIN_VALUE + 1),
        Arguments.of(
            DataType.DECIMAL,
            "numeric",
            new java.math.BigDecimal("0.1"),
            new java.math.BigDecimal("0.10000000000000000000000000000001")),
        Arguments.of(DataType.DOUBLE, "float8", 0.1, Math.nextUp(0.1)),
        Arguments.of(DataType.BOOLEAN, "bool", true, false),
        Arguments.of(DataType.STRING, "text", "a", "A"),
        Arguments.of(DataType.STRING, "text", "a", "a "),
        Arguments.of(DataType.STRING, "text", "", " "),
        Arguments.of(DataType.STRING, "text", "é", "e\u0301"),
        Arguments.of(DataType.STRING, "text", "a'b", "a\"b\\"),
        Arguments.of(DataType.STRING, "text", "{\"v\":1}", "{\"v\": 1}"),
        Arguments.of(DataType.STRING, "text", "null", "NULL"),
        Arguments.of(DataType.STRING, "text", "1", "01"),
        Arguments.of(
            DataType.STRING,
            "uuid",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12"),
        Arguments.of(
            DataType.TIMESTAMP,
            "timestamptz",
            "2024-01-01T00:00:00.123456Z",
            "2024-01-01T00:00:00.123457Z"),
        Arguments.of(DataType.TIMESTAMP, "timestamp", "infinity", "-infinity"),
        Arguments.of(DataType.TIMESTAMP, null, "2024-01-01T00:00:00Z", "294276-12-31T23:59:59Z"),
        Arguments.of(DataType.DATE, "date", "2024-01-01", "2024-01-02"),
        Arguments.of(DataType.BINARY, "bytea", "0x00", "0x0000"));
  }

  @ParameterizedTest
  @MethodSource("io.dynapipe.sink.KeyContract#neighbours")
  default void keepsNeighbouringKeysApart(
      DataType type, String sourceType, Object one, Object other) {
    TestTable table =
        TestTable.of(
            "keys",
            List.of("k"),
            TestTable.column("k", type, sourceType),
            TestTable.column("v", DataType.INT32, "int4"),
            TestTable.column("j", DataType.STRING, "jsonb"));
    create(table);
    if (refusedKeys().contains(one) || refusedKeys().contains(other)) {
      keepsTheNeighbourOfARefusedKey(table, one, other);
      return;
    }
    write(table, table.put(one, 1, "[1]"), table.put(other, 2, "[2]"));
    assertRows(table, table.row(one, 1, "[1]"), table.row(other, 2, "[2]"));

    write(table, table.merge(other, 3, UNCHANGED), table.put(one, 4, "[4]"));
    assertRows(table, table.row(one, 4, "[4]"), table.row(other, 3, "[2]"));

    write(table, table.delete(one));
    assertRows(table, table.row(other, 3, "[2]"));

    write(table, table.move(other, one, 5, UNCHANGED));
    assertRows(table, table.row(one, 5, "[2]"));
  }

  private void keepsTheNeighbourOfARefusedKey(TestTable table, Object one, Object other) {
    Object good = refusedKeys().contains(one) ? other : one;
    Object bad = refusedKeys().contains(one) ? one : other;

    List<RowFailure> failures =
        sink().write(table.name(), List.of(table.put(good, 1, "[1]"), table.put(bad, 2, "[2]")));

    assertThat(failures).singleElement().satisfies(f -> assertThat(f.reason()).isNotBlank());
    assertRows(table, table.row(good, 1, "[1]"));
  }

  @Test
  default void addressesRowsByCompositeKeysInKeyOrder() {
    TestTable table = composite();
    create(table);
    write(
        table,
        table.put("a", "1", 1, "2024-01-01T00:00:00.000001Z"),
        table.put("b", "1", 2, "2024-01-01T00:00:00.000001Z"),
        table.put("c", "1", 1, "2024-01-01T00:00:00.000002Z"),
        table.put("d", "1, 1", 1, "2024-01-01T00:00:00.000001Z"));
    write(
        table,
        table.merge("bb", "1", 2, "2024-01-01T00:00:00.000001Z"),
        table.delete("2024-01-01T00:00:00.000002Z", 1, "1"),
        table.put(null, "1, 1", 1, "2024-01-01T00:00:00.000001Z"));

    assertRows(
        table,
        table.row("a", "1", 1, "2024-01-01T00:00:00.000001Z"),
        table.row("bb", "1", 2, "2024-01-01T00:00:00.000001Z"),
        table.row(null, "1, 1", 1, "2024-01-01T00:00:00.000001Z"));
  }

  private static TestTable composite() {
    return TestTable.of(
        "composite",
        List.of("moment", "number", "text"),
        TestTable.column("v", DataType.STRING, "text"),
        TestTable.column("text", DataType.STRING, "varchar(20)"),
        TestTable.column("number", DataType.INT64, "int8"),
        TestTable.column("moment", DataType.TIMESTAMP, "timestamptz"));
  }

  @Test
  default void takesATableOfKeyColumnsOnly() {
    TestTable table =
        TestTable.of(
            "pairs",
            List.of("a", "b"),
            TestTable.column("a", DataType.INT32, "int4"),
            TestTable.column("b", DataType.STRING, "text"));
    create(table);
    write(table, table.put(1, "x"), table.put(1, "y"));
    write(table, table.put(1, "x"), table.merge(1, "y"), table.put(2, "x"));
    write(table, table.delete(1, "y"));

    assertRows(table, table.row(1, "x"), table.row(2, "x"));
  }

  @Test
  default void takesKeyColumnsOfAnyName() {
    TestTable table =
        TestTable.of(
            "names",
            List.of("pk", "a.b \"c\""),
            TestTable.column("pk", DataType.INT32, "int4"),
            TestTable.column("a.b \"c\"", DataType.STRING, "text"),
            TestTable.column("data", DataType.STRING, "text"));
    create(table);
    write(table, table.put(1, "x", "one"), table.put(1, "y", "two"));
    write(table, table.put(1, "x", "uno"), table.merge(1, "y", UNCHANGED));
    write(table, table.delete(1, "y"));

    assertRows(table, table.row(1, "x", "uno"));
  }
}
