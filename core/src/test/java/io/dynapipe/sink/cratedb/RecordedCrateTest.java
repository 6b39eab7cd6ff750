package io.dynapipe.sink.cratedb;

import static io.dynapipe.event.ValueKind.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableOperation;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.sink.DmsTask;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.TestTable;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sink against exchanges that were recorded from a real CrateDB 6.2.11. */
final class RecordedCrateTest {

  private static final TestTable PEOPLE = TestTable.people();
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-01-01T00:00:00Z"), ZoneOffset.UTC);

  private static void with(
      String name, Layout layout, BiConsumer<CrateSink, CrateClient> scenario) {
    try (RecordedCrate crate = new RecordedCrate(name)) {
      if (crate.real() != null) {
        // Left-overs of earlier records; dropped, so that the record begins with nothing.
        CrateProbe probe = new CrateProbe(CrateSettings.of(crate.real()));
        probe.reset();
        for (String table : List.of("tables", "removals", "renames", "quarantine")) {
          probe.query("DROP TABLE IF EXISTS dynapipe." + table);
        }
      }
      CrateSettings settings = CrateSettings.of(crate.uri()).withLayout(layout);
      CrateSettings.Bulk one = new CrateSettings.Bulk(1, 1_000, 1 << 20, false);
      CrateClient client = new CrateClient(settings);
      try (CrateSink sink = CrateSink.open(settings.withBulk(one), CLOCK, wait -> {})) {
        scenario.accept(sink, client);
      }
    }
  }

  private static List<List<Object>> rows(CrateClient client, String columns) {
    client.execute("REFRESH TABLE contract.people");
    return client.execute("SELECT " + columns + " FROM contract.people").rows();
  }

  private static void write(CrateSink sink, RowWrite... writes) {
    assertThat(sink.write(PEOPLE.name(), List.of(writes))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void writesOfEveryKind(Layout layout) {
    with(
        "writes-" + layout,
        layout,
        (sink, client) -> {
          sink.apply(PEOPLE.create());
          write(
              sink,
              PEOPLE.put(1, "John", 30, "{\"foo\": \"bar\"}"),
              PEOPLE.put(2, "Jane", 31, "[1]"),
              PEOPLE.put(3, "Jim", null, null));
          write(sink, PEOPLE.merge(1, "Johnny", 31, UNCHANGED), PEOPLE.delete(3));
          write(sink, PEOPLE.move(2, 4, "Janet", 31, UNCHANGED), PEOPLE.delete(3));
          String age = layout == Layout.COLUMNS ? "age" : "data['age']";
          assertThat(rows(client, age + ", aux['attributes']"))
              .containsExactlyInAnyOrder(
                  java.util.Arrays.asList(new BigDecimal(31), null),
                  List.of(new BigDecimal(31), "[1]"));
          sink.apply(PEOPLE.drop());
        });
  }

  @Test
  void theWalkthroughsTable() {
    with(
        "walkthrough",
        Layout.DOCUMENT,
        (sink, client) -> {
          client.execute(
              "CREATE TABLE contract.people (data OBJECT(DYNAMIC)) CLUSTERED INTO 1 SHARDS");
          sink.apply(PEOPLE.drop());
          sink.apply(PEOPLE.create());
          write(
              sink,
              PEOPLE.put(42, "John", 30, "{\"foo\": \"bar\"}"),
              PEOPLE.put(43, "Jane", 31, "[]"));
          write(sink, PEOPLE.put(42, "John", 31, "{\"foo\": \"bar\"}"));
          write(sink, PEOPLE.merge(43, UNCHANGED, 32, UNCHANGED), PEOPLE.delete(44));
          assertThat(rows(client, "data['id'], data['age'], data['_aux']['attributes']"))
              .containsExactlyInAnyOrder(
                  java.util.Arrays.asList(new BigDecimal(42), new BigDecimal(31), null),
                  List.of(new BigDecimal(43), new BigDecimal(32), "[]"));
          client.execute("DROP TABLE contract.people");
        });
  }

  @Test
  void valuesThatCrateWouldChangeWithoutAnError() {
    TestTable table =
        TestTable.of(
            "people",
            List.of("id"),
            TestTable.column("id", DataType.INT32, "int4"),
            TestTable.column("i", DataType.INT32, "int4"),
            TestTable.column("b", DataType.INT64, "int8"),
            TestTable.column("d", DataType.DOUBLE, "float8"),
            TestTable.column("r", DataType.FLOAT, "float4"),
            TestTable.column("t", DataType.TIMESTAMP, "timestamptz"),
            TestTable.column("f", DataType.BOOLEAN, "bool"),
            TestTable.column("s", DataType.STRING, "text"),
            TestTable.column("j", DataType.STRING, "jsonb"));
    with(
        "silent-changes",
        Layout.DOCUMENT,
        (sink, client) -> {
          sink.apply(table.create());
          write(
              sink,
              table.put(1, 55, 55, 55, 55, "2024-01-01T00:00:00Z", true, "a", "{\"v\": 55}"),
              table.put(
                  2,
                  new BigDecimal("1.7"),
                  new BigDecimal("92233720368547758079"),
                  61.5,
                  new BigDecimal("2.20000005"),
                  "2024-01-01T00:00:00.123456Z",
                  1,
                  "{\"v\":1}",
                  "{\"v\": 0.1234567890123456789}"));
          assertThat(
                  client
                      .execute(
                          "SELECT data['i'], data['b'], data['d'], data['r'], data['t'],"
                              + " data['f'], data['s'], data['j'], aux FROM contract.people"
                              + " WHERE pk['id'] = 2")
                      .rows())
              .containsExactly(
                  java.util.Arrays.asList(
                      null,
                      null,
                      new BigDecimal("61.5"),
                      new BigDecimal("2.20000005"),
                      new BigDecimal("1704067200123"),
                      null,
                      "{\"v\":1}",
                      null,
                      Map.of(
                          "i", "1.7",
                          "b", "92233720368547758079",
                          "t", "2024-01-01T00:00:00.123456Z",
                          "f", "1",
                          "j", "{\"v\": 0.1234567890123456789}")));
        });
  }

  @Test
  void keysThatDifferInMicrosecondsAreTwoRows() {
    TestTable table =
        TestTable.of(
            "people",
            List.of("t"),
            TestTable.column("t", DataType.TIMESTAMP, "timestamptz"),
            TestTable.column("v", DataType.INT32, "int4"));
    with(
        "timestamp-keys",
        Layout.DOCUMENT,
        (sink, client) -> {
          sink.apply(table.create());
          write(
              sink,
              table.put("2024-01-01T00:00:00.123456Z", 1),
              table.put("2024-01-01T00:00:00.123999Z", 2));
          assertThat(rows(client, "pk['t']"))
              .containsExactlyInAnyOrder(
                  List.of("2024-01-01T00:00:00.123456Z"), List.of("2024-01-01T00:00:00.123999Z"));
        });
  }

  @Test
  void rowsOfTablesWithoutAKey() {
    TestTable log = TestTable.log();
    with(
        "keyless",
        Layout.DOCUMENT,
        (sink, client) -> {
          sink.apply(log.create());
          List<RowWrite> writes =
              List.of(
                  log.append("s:1", 1, "a"),
                  log.append("s:2", 1, "a"),
                  log.append("s:3", 2, "b"),
                  log.removeOne("s:4", 1, "a"));
          for (int time = 0; time < 2; time++) {
            assertThat(sink.write(log.name(), writes)).isEmpty();
          }
          client.execute("REFRESH TABLE contract.log");
          assertThat(client.execute("SELECT data['message'] FROM contract.log ORDER BY 1").rows())
              .containsExactly(List.of("a"), List.of("b"));
        });
  }

  @Test
  void aRowThatNoColumnCanHold() {
    TestTable table =
        TestTable.of(
            "people",
            List.of("k"),
            TestTable.column("k", DataType.INT64, "int8"),
            TestTable.column("v", DataType.INT32, "int4"));
    with(
        "bad-row",
        Layout.DOCUMENT,
        (sink, client) -> {
          sink.apply(table.create());
          RowWrite bad = table.put(Long.MAX_VALUE, 1);
          List<RowFailure> failures =
              sink.write(table.name(), List.of(table.put(1, 1), bad, table.put(2, 2)));
          assertThat(failures).extracting(RowFailure::write).containsExactly(bad);
          assertThat(rows(client, "pk['k']")).hasSize(2);
        });
  }

  @Test
  void tableChanges() {
    Column note = TestTable.column("note", DataType.STRING, "text");
    TestTable wide = PEOPLE.plus(note);
    List<Column> columns = PEOPLE.schema().columns();
    TestTable renamed =
        PEOPLE.with(
            columns.get(0),
            columns.get(1).withName("called"),
            TestTable.column("age", DataType.INT64, "int8"),
            columns.get(3));
    with(
        "table-changes",
        Layout.DOCUMENT,
        (sink, client) -> {
          sink.apply(PEOPLE.create());
          write(sink, PEOPLE.put(1, "John", 31, "{}"));
          for (int time = 0; time < 2; time++) {
            sink.apply(wide.change(TableOperation.ADD_COLUMN));
            sink.apply(PEOPLE.change(TableOperation.DROP_COLUMN));
            sink.apply(renamed.renamedColumns(Map.of("name", "called")));
          }
          assertThat(sink.schema(PEOPLE.name())).isEqualTo(renamed.schema());
          assertThat(rows(client, "data['called'], data['age']"))
              .containsExactly(List.of("John", new BigDecimal(31)));
          sink.apply(PEOPLE.truncate());
          assertThat(rows(client, "data")).isEmpty();
          sink.apply(PEOPLE.drop());
        });
  }

  /** What AWS DMS sends is applied without configuration. */
  @ParameterizedTest
  @EnumSource(names = {"DOCUMENT", "COLUMNS"})
  void aTaskOfAwsDms(Layout layout) {
    with(
        "dms-task-" + layout,
        layout,
        (sink, client) -> {
          for (BatchOutcome outcome : DmsTask.apply(sink, 7)) {
            assertThat(outcome.setAside()).isEmpty();
            assertThat(outcome.unreadable()).isZero();
            assertThat(outcome.complete()).isTrue();
          }
          List.of("foo", "batting", "json_t")
              .forEach(table -> client.execute("REFRESH TABLE public." + table));
          boolean columns = layout == Layout.COLUMNS;
          String foo =
              "SELECT id, name, age, attributes, aux['attributes'] FROM public.foo ORDER BY id";
          assertThat(client.execute(columns ? foo : members(foo)).rows())
              .hasToString(
                  "[[42, John, 33, {foo=bar}, null], [44, Zoë, null, {n={deep=[1, 2.5, x]}}, null],"
                      + " [45, Jim, 33, null, [1, 2]], [47, Jane, 31, {baz=qux}, null]]");
          assertThat(
                  client
                      .execute(
                          columns
                              ? "SELECT \"X2B\", avg FROM public.batting ORDER BY \"yearID\", avg"
                              : "SELECT data['X2B'], data['avg'] FROM public.batting ORDER BY"
                                  + " data['yearID'], 2")
                      .rows())
              .hasToString("[[0, 0], [6, 55], [9, 62]]");
          assertThat(client.execute("SELECT count(*) FROM public.json_t").rows())
              .hasToString("[[15]]");
          assertThat(
                  client
                      .execute(
                          "SELECT table_name FROM information_schema.tables WHERE table_name LIKE"
                              + " 'awsdms%'")
                      .rows())
              .isEmpty();
          List.of("foo", "batting", "json_t")
              .forEach(table -> client.execute("DROP TABLE public." + table));
        });
  }

  private static String members(String query) {
    return query
        .replace(
            "id, name, age, attributes,",
            "data['id'], data['name'], data['age']," + " data['attributes'],")
        .replace("ORDER BY id", "ORDER BY 1");
  }
}
