package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tables without a key: equal rows are counted exactly, and replays do not multiply them. */
interface KeylessContract extends ContractFixture {

  TestTable LOG = TestTable.log();

  @Test
  default void keepsEqualRowsAsManyAsWereAppended() {
    create(LOG);
    write(LOG, LOG.append("s:1", 1, "a"), LOG.append("s:2", 1, "a"), LOG.append("s:3", null, null));
    write(LOG, LOG.append("s:4", 1, "a"), LOG.append("s:5", null, null));

    assertRows(
        LOG,
        LOG.row(1, "a"),
        LOG.row(1, "a"),
        LOG.row(1, "a"),
        LOG.row(null, null),
        LOG.row(null, null));
  }

  @Test
  default void appendingAnEventAgainChangesNothing() {
    create(LOG);
    List<RowWrite> writes = List.of(LOG.append("s:1", 1, "a"), LOG.append("s:2", 1, "a"));
    write(LOG, writes);
    write(LOG, writes);
    reopen();
    write(LOG, LOG.append("s:2", 1, "a"), LOG.append("s:3", 1, "a"));

    assertRows(LOG, LOG.row(1, "a"), LOG.row(1, "a"), LOG.row(1, "a"));
  }

  @Test
  default void removesOneOfEqualRows() {
    create(LOG);
    write(LOG, LOG.append("s:1", 1, "a"), LOG.append("s:2", 1, "a"), LOG.append("s:3", 1, "a"));
    write(LOG, LOG.append("s:4", 2, "a"), LOG.append("s:5", null, "a"));
    write(LOG, LOG.removeOne("s:6", 1, "a"), LOG.removeOne("s:7", null, "a"));
    assertRows(LOG, LOG.row(1, "a"), LOG.row(1, "a"), LOG.row(2, "a"));

    write(LOG, LOG.removeOne("s:8", 1, "a"), LOG.removeOne("s:9", 1, "a"));
    assertRows(LOG, LOG.row(2, "a"));
  }

  @Test
  default void removingForAnEventAgainChangesNothing() {
    create(LOG);
    write(LOG, LOG.append("s:1", 1, "a"), LOG.append("s:2", 1, "a"));
    write(LOG, LOG.removeOne("s:3", 1, "a"));
    write(LOG, LOG.removeOne("s:3", 1, "a"));
    assertRows(LOG, LOG.row(1, "a"));

    write(LOG, LOG.append("s:1", 1, "a"), LOG.append("s:2", 1, "a"));
    write(LOG, LOG.removeOne("s:3", 1, "a"));
    assertRows(LOG, LOG.row(1, "a"));
  }

  @Test
  default void removingARowThatIsNotThereIsRememberedToo() {
    create(LOG);
    write(LOG, LOG.removeOne("s:1", 1, "a"));
    write(LOG, LOG.append("s:2", 1, "a"));
    write(LOG, LOG.removeOne("s:1", 1, "a"));

    assertRows(LOG, LOG.row(1, "a"));
  }

  @Test
  default void appliesAppendsAndRemovalsOfOneBatchInOrder() {
    create(LOG);
    List<RowWrite> updates =
        List.of(
            LOG.removeOne("s:1", 1, "a"),
            LOG.append("s:2", 1, "a"),
            LOG.removeOne("s:3", 1, "a"),
            LOG.append("s:4", 1, "b"),
            LOG.removeOne("s:5", 1, "b"),
            LOG.append("s:6", 1, "c"),
            LOG.append("s:7", 2, "x"),
            LOG.append("s:8", 2, "x"),
            LOG.removeOne("s:9", 2, "x"),
            LOG.removeOne("s:10", 3, "y"));
    write(LOG, updates);
    assertRows(LOG, LOG.row(1, "c"), LOG.row(2, "x"));

    write(LOG, updates);
    write(LOG, updates.subList(4, updates.size()));
    assertRows(LOG, LOG.row(1, "c"), LOG.row(2, "x"));
  }

  @Test
  default void countsManyEqualRowsExactly() {
    create(LOG);
    List<RowWrite> appends = new ArrayList<>();
    IntStream.range(0, 3_000).forEach(i -> appends.add(LOG.append("a:" + i, i % 10, "m")));
    List<RowWrite> removals = new ArrayList<>();
    IntStream.range(0, 1_000).forEach(i -> removals.add(LOG.removeOne("r:" + i, i % 10, "m")));
    write(LOG, appends);
    write(LOG, removals);
    write(LOG, appends);
    write(LOG, removals);

    List<String> rows = probe().rows(LOG.schema());
    assertThat(rows).hasSize(2_000);
    assertThat(rows).filteredOn(LOG.expected(LOG.row(7, "m"))[0]::equals).hasSize(200);
  }

  @Test
  default void truncationForgetsRowsAndAllowsTheLoadAgain() {
    create(LOG);
    List<RowWrite> load = List.of(LOG.append("s:1", 1, "a"), LOG.append("s:2", 1, "a"));
    write(LOG, load);
    sink().apply(LOG.truncate());
    assertRows(LOG);

    write(LOG, load);
    sink().apply(LOG.drop());
    create(LOG);
    write(LOG, load);
    assertRows(LOG, LOG.row(1, "a"), LOG.row(1, "a"));
  }

  @Test
  default void findsOldRowsAfterAColumnWasAdded() {
    create(LOG);
    write(LOG, LOG.append("s:1", 1, "a"), LOG.append("s:2", 2, "b"));
    TestTable wide = LOG.plus(TestTable.column("extra", DataType.STRING, "text"));
    sink().apply(wide.change(TableOperation.ADD_COLUMN));
    write(wide, wide.append("s:3", 3, "c", "x"));
    write(wide, wide.removeOne("s:4", 1, "a", null), wide.removeOne("s:5", 3, "c", "x"));

    assertRows(wide, wide.row(2, "b", null));
  }

  @Test
  default void findsOldRowsAfterAColumnWasRenamedOrDropped() {
    TestTable table =
        TestTable.of(
            "reshaped",
            List.of(),
            TestTable.column("a", DataType.INT32, "int4"),
            TestTable.column("n", DataType.DOUBLE, "float8"),
            TestTable.column("j", DataType.STRING, "jsonb"),
            TestTable.column("t", DataType.STRING, "text"),
            TestTable.column("at", DataType.TIMESTAMP, "timestamptz"));
    Object[][] rows = {
      {1, 0.5, "{\"a\": 1}", "x", "2024-01-01T00:00:00.123456Z"},
      {1, 0.5, "{\"a\": 1}", "x", "2024-01-01T00:00:00.123456Z"},
      {1, 0.5, "{\"a\": 1}", "x", "2024-01-01T00:00:00.123457Z"},
      {2, "NaN", "[1, 2]", null, "2024-01-01T00:00:00Z"},
      {3, null, null, "", null},
    };
    create(table);
    for (int i = 0; i < rows.length; i++) {
      write(table, table.append("a:" + i, rows[i]));
    }
    List<Column> columns = new ArrayList<>(table.schema().columns());
    columns.set(3, TestTable.column("text", DataType.STRING, "text"));
    TestTable renamed = table.with(columns.toArray(new Column[0]));
    sink().apply(renamed.renamedColumns(Map.of("t", "text")));
    write(renamed, renamed.removeOne("r:0", rows[0]), renamed.removeOne("r:2", rows[2]));
    TestTable narrow = renamed.with(columns.subList(1, 5).toArray(new Column[0]));
    sink().apply(narrow.change(TableOperation.DROP_COLUMN));
    Object[] third = java.util.Arrays.copyOfRange(rows[3], 1, 5);
    write(narrow, narrow.removeOne("r:3", third), narrow.append("n:3", 4, "{}", "y", null));
    write(narrow, narrow.removeOne("r:3", third));

    assertRows(
        narrow,
        narrow.row(java.util.Arrays.copyOfRange(rows[1], 1, 5)),
        narrow.row(java.util.Arrays.copyOfRange(rows[4], 1, 5)),
        narrow.row(4, "{}", "y", null));
  }

  @Test
  default void tellsRowsApartByEveryKindOfValue() {
    TestTable table =
        TestTable.of(
            "mixed",
            List.of(),
            TestTable.column("n", DataType.DOUBLE, "float8"),
            TestTable.column("j", DataType.STRING, "jsonb"),
            TestTable.column("t", DataType.STRING, "text"));
    create(table);
    Object[][] rows = {
      {0.1, "{\"a\": 1}", "x"},
      {0.1, "{\"a\": 1}", null},
      {0.1, "{\"a\": \"1\"}", "x"},
      {"NaN", "null", "null"},
      {"NaN", null, "null"},
      {null, "[]", ""},
      {null, "{}", ""},
    };
    for (int i = 0; i < rows.length; i++) {
      write(table, table.append("a:" + i, rows[i]), table.append("b:" + i, rows[i]));
    }
    for (int i = 0; i < rows.length; i++) {
      write(table, table.removeOne("r:" + i, rows[i]));
    }

    assertThat(probe().rows(table.schema()))
        .containsExactly(
            table.expected(
                java.util.Arrays.stream(rows)
                    .map(table::row)
                    .toArray(io.dynapipe.event.Row[]::new)));
  }

  @Test
  default void appliesALargeBatchOfUpdatesOfKeylessRows() {
    create(LOG);
    List<RowWrite> appends = new ArrayList<>();
    List<RowWrite> updates = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      appends.add(LOG.append("a:" + i, i, "old"));
      updates.add(LOG.removeOne("r:" + i, i, "old"));
      updates.add(LOG.append("n:" + i, i, "new"));
    }
    write(LOG, appends);
    write(LOG, updates);
    write(LOG, updates);

    List<String> rows = probe().rows(LOG.schema());
    assertThat(rows).hasSize(2_000).allMatch(row -> row.contains("new"));
  }
}
