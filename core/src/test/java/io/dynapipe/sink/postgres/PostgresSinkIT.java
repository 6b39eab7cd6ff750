package io.dynapipe.sink.postgres;

import static io.dynapipe.event.ValueKind.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import io.dynapipe.sink.TestTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is special about PostgreSQL as a target, beyond the contract of all sinks. */
final class PostgresSinkIT {

  private static final TestTable PEOPLE = TestTable.people();

  private final PostgresProbe probe = new PostgresProbe(PostgresServer.url());
  private Sink sink;

  @BeforeEach
  void open() {
    probe.reset();
    probe.execute("CREATE SCHEMA contract");
    sink = probe.open(Layout.DOCUMENT);
  }

  @AfterEach
  void close() {
    sink.close();
    probe.close();
  }

  private void write(TestTable table, RowWrite... writes) {
    assertThat(sink.write(table.name(), List.of(writes))).isEmpty();
  }

  @Test
  void documentsLookAsTheDesignSays() {
    sink.apply(PEOPLE.create());
    write(PEOPLE, PEOPLE.put(42, "John", 30, "{\"foo\": \"bar\"}"));

    assertThat(probe.describe(PEOPLE.name())).isEqualTo("pk jsonb, data jsonb, aux jsonb");
    assertThat(probe.query("SELECT concat_ws('|', pk, data, aux) FROM contract.people"))
        .containsExactly(
            "{\"id\": 42}|{\"id\": 42, \"age\": 30, \"name\": \"John\","
                + " \"attributes\": {\"foo\": \"bar\"}}");
  }

  @Test
  void universalRowsHoldTheKeyOutsideOfData() {
    sink.close();
    sink = probe.open(Layout.UNIVERSAL);
    sink.apply(PEOPLE.create());
    write(PEOPLE, PEOPLE.put(42, "John", 30, null));

    assertThat(probe.query("SELECT concat_ws('|', pk, data, aux) FROM contract.people"))
        .containsExactly("{\"id\": 42}|{\"age\": 30, \"name\": \"John\", \"attributes\": null}");
  }

  @Test
  void columnsHaveFittingTypes() {
    TestTable table =
        TestTable.of(
            "types",
            List.of("id"),
            TestTable.column("id", DataType.INT64, "int8"),
            TestTable.column("r", DataType.FLOAT, "float4"),
            TestTable.column("n", DataType.DECIMAL, "numeric(10,2)"),
            TestTable.column("t", DataType.TIMESTAMP, "timestamp without time zone"),
            TestTable.column("z", DataType.TIMESTAMP, null),
            TestTable.column("d", DataType.DATE, "date"),
            TestTable.column("b", DataType.BINARY, "bytea"),
            TestTable.column("u", DataType.STRING, "uuid"),
            TestTable.column("j", DataType.STRING, "json"),
            TestTable.column("aux", DataType.UINT64, null));
    sink.close();
    sink = probe.open(Layout.COLUMNS);
    sink.apply(table.create());

    assertThat(probe.describe(table.name()))
        .isEqualTo(
            "id bigint, r double precision, n numeric, t timestamp without time zone,"
                + " z timestamp with time zone, d date, b bytea, u uuid, j json, aux numeric,"
                + " _aux jsonb");
  }

  @Test
  void aPersonsTableOfColumnsIsUsedAsItIs() {
    probe.execute(
        "CREATE TABLE contract.people (id INT PRIMARY KEY, name VARCHAR(5), age SMALLINT,"
            + " attributes JSONB, aux JSONB, touched INT DEFAULT 7,"
            + " upper_name TEXT GENERATED ALWAYS AS (upper(name)) STORED)");
    sink.apply(PEOPLE.create());
    write(PEOPLE, PEOPLE.put(1, "John", 30, "{}"), PEOPLE.put(2, "Long name", 40_000, null));
    write(PEOPLE, PEOPLE.merge(1, UNCHANGED, 31, UNCHANGED));
    sink.apply(PEOPLE.drop());
    sink.apply(PEOPLE.create());
    write(PEOPLE, PEOPLE.put(1, "Jane", 30, "{}"), PEOPLE.put(2, "Long name", 40_000, null));

    assertThat(
            probe.query(
                "SELECT concat_ws('|', id, name, age, attributes, aux, touched, upper_name)"
                    + " FROM contract.people ORDER BY id"))
        .containsExactly(
            "1|Jane|30|{}|7|JANE", "2|{\"age\": \"40000\", \"name\": \"Long name\"}|7");
  }

  @Test
  void aPersonsTableGetsAnAuxColumnWhenAValueNeedsIt() {
    probe.createDataTable(PEOPLE.name());
    sink.apply(PEOPLE.create());
    write(PEOPLE, PEOPLE.put(1, "a", 1, "{}"));
    assertThat(probe.describe(PEOPLE.name())).isEqualTo("data jsonb");

    write(PEOPLE, PEOPLE.put(2, "b", 2, "null"));

    assertThat(probe.describe(PEOPLE.name())).isEqualTo("data jsonb, aux jsonb");
    assertThat(probe.rows(PEOPLE.schema()))
        .containsExactly(
            PEOPLE.expected(PEOPLE.row(1, "a", 1, "{}"), PEOPLE.row(2, "b", 2, "null")));
  }

  @Test
  void aTableOfColumnsIsKnownWithoutAnEvent() {
    probe.execute("CREATE TABLE contract.people (id INT PRIMARY KEY, name TEXT, attributes JSONB)");

    TableSchema schema = sink.schema(PEOPLE.name());

    assertThat(schema.primaryKey()).containsExactly("id");
    assertThat(schema.columns())
        .extracting(Column::name, Column::type, Column::isJson)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("id", DataType.INT32, false),
            org.assertj.core.groups.Tuple.tuple("name", DataType.STRING, false),
            org.assertj.core.groups.Tuple.tuple("attributes", DataType.STRING, true));
  }

  @Test
  void aTableMadeAgainByAPersonIsNotOursAnyMore() {
    sink.apply(PEOPLE.create());
    probe.execute("DROP TABLE contract.people");
    probe.createDataTable(PEOPLE.name());
    sink.apply(PEOPLE.create());
    write(PEOPLE, PEOPLE.put(1, "a", 1, "{}"));
    sink.apply(PEOPLE.drop());

    assertThat(probe.describe(PEOPLE.name())).isEqualTo("data jsonb");
    assertThat(probe.rows(PEOPLE.schema())).isEmpty();
  }

  @Test
  void aTableThatAViewNeedsIsEmptiedInsteadOfDropped() {
    sink.apply(PEOPLE.create());
    write(PEOPLE, PEOPLE.put(1, "a", 1, "{}"));
    probe.execute("CREATE VIEW contract.names AS SELECT data ->> 'name' FROM contract.people");
    sink.apply(PEOPLE.drop());
    assertThat(probe.rows(PEOPLE.schema())).isEmpty();

    sink.apply(PEOPLE.create());
    write(PEOPLE, PEOPLE.put(2, "b", 1, "{}"));
    assertThat(probe.query("SELECT * FROM contract.names")).containsExactly("b");
  }

  @Test
  void aChangedKeyStopsATableThatHoldsRows() {
    sink.apply(PEOPLE.create());
    write(PEOPLE, PEOPLE.put(1, "a", 1, "{}"));
    TableSchema other =
        new TableSchema(PEOPLE.name(), PEOPLE.schema().columns(), List.of("id", "name"));

    assertThatThrownBy(() -> sink.apply(TableChange.create(other, Origin.at(1))))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("[id]")
        .hasMessageContaining("[id, name]");

    sink.apply(PEOPLE.truncate());
    sink.apply(TableChange.create(other, Origin.at(1)));
    assertThat(sink.schema(PEOPLE.name())).isEqualTo(other);
  }

  @Test
  void replayingARenameKeepsTheRenamedTable() {
    TestTable persons = PEOPLE.named("persons");
    List<Runnable> stream =
        List.of(
            () -> sink.apply(changeAt(1, PEOPLE.create())),
            () -> write(PEOPLE, PEOPLE.put(1, "a", 1, "[1]"), PEOPLE.put(2, "b", 2, "[2]")),
            () -> sink.apply(changeAt(3, persons.renamedFrom(PEOPLE))),
            () ->
                write(persons, persons.merge(1, "aa", 1, UNCHANGED), persons.put(3, "c", 3, null)),
            () -> sink.apply(changeAt(5, PEOPLE.create())),
            () -> write(PEOPLE, PEOPLE.put(9, "new", 9, null)));
    for (int time = 0; time < 3; time++) {
      stream.forEach(Runnable::run);
    }
    stream.subList(2, stream.size()).forEach(Runnable::run);

    assertThat(probe.rows(persons.schema()))
        .containsExactly(
            persons.expected(
                persons.row(1, "aa", 1, "[1]"),
                persons.row(2, "b", 2, "[2]"),
                persons.row(3, "c", 3, null)));
    assertThat(probe.rows(PEOPLE.schema()))
        .contains(PEOPLE.expected(PEOPLE.row(9, "new", 9, null))[0]);
  }

  @Test
  void rowsOfAReplayFindTheirRenamedTable() {
    TestTable persons = PEOPLE.named("persons");
    sink.apply(changeAt(1, PEOPLE.create()));
    sink.apply(changeAt(3, persons.renamedFrom(PEOPLE)));
    write(PEOPLE, PEOPLE.put(1, "a", 1, "[1]"));

    assertThat(sink.schema(PEOPLE.name())).isEqualTo(PEOPLE.schema());
    assertThat(probe.rows(persons.schema()))
        .containsExactly(persons.expected(persons.row(1, "a", 1, "[1]")));
  }

  private static TableChange changeAt(long micros, TableChange change) {
    return new TableChange(
        change.table(),
        change.operation(),
        change.schema(),
        change.previousTable(),
        change.renamedColumns(),
        Origin.at(micros),
        change.extras());
  }

  @Test
  void anEventWithoutADefinitionSaysWhatToSet() {
    TableChange change =
        new TableChange(
            PEOPLE.name(),
            TableOperation.ADD_COLUMN,
            null,
            null,
            java.util.Map.of(),
            Origin.at(1),
            io.dynapipe.event.Extras.NONE);

    assertThatThrownBy(() -> sink.apply(change))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(PipelineException.Kind.PERMANENT);
              assertThat(e.cure()).contains("IncludeControlDetails");
            });
  }

  @Test
  void rowsOfAnUnknownTableAreAnErrorThatSaysSo() {
    assertThatThrownBy(() -> sink.write(PEOPLE.name(), List.of(PEOPLE.put(1, "a", 1, "{}"))))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("contract.people");
  }

  @Test
  void aPersonsConstraintsAndTriggersRefuseRowsOneByOne() {
    probe.execute(
        "CREATE TABLE contract.people (data JSONB CHECK ((data ->> 'age')::int < 100), aux JSONB)");
    sink.apply(PEOPLE.create());
    List<RowWrite> writes = new ArrayList<>();
    for (int i = 90; i < 110; i++) {
      writes.add(PEOPLE.put(i, "n", i, null));
    }

    List<RowFailure> failures = sink.write(PEOPLE.name(), writes);

    assertThat(failures).hasSize(10);
    assertThat(failures)
        .allSatisfy(
            failure ->
                assertThat(failure.reason())
                    .contains("violates check constraint")
                    .contains("23514"));
    assertThat(probe.rows(PEOPLE.schema())).hasSize(10);
  }

  @Test
  void controlTablesOfDmsGoToTheirOwnSchema() {
    TestTable status =
        new TestTable(
            new TableSchema(
                new TableName("", "awsdms_status"),
                List.of(Column.of("task_name", DataType.STRING)),
                List.of("task_name")));
    sink.apply(status.create());
    write(status, status.put("t"));

    assertThat(probe.query("SELECT data ->> 'task_name' FROM dms.awsdms_status"))
        .containsExactly("t");
    sink.apply(status.drop());
    probe.execute("DROP SCHEMA dms");
  }

  @Test
  void namesThatPostgresWouldCutAreRefused() {
    TestTable first = PEOPLE.named("n".repeat(63));
    TestTable longer = PEOPLE.named("n".repeat(64));
    sink.apply(first.create());

    assertThatThrownBy(() -> sink.apply(longer.create()))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("63 bytes");
  }

  @Test
  void severalThreadsWriteOneTableAndSeveralTables() throws Exception {
    TestTable log = TestTable.log();
    sink.apply(PEOPLE.create());
    sink.apply(log.create());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> done = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      int shard = thread;
      done.add(
          threads.submit(
              () -> {
                for (int batch = 0; batch < 10; batch++) {
                  List<RowWrite> rows = new ArrayList<>();
                  List<RowWrite> lines = new ArrayList<>();
                  for (int i = 0; i < 50; i++) {
                    rows.add(PEOPLE.put(i * 4 + shard, "n", batch, "[]"));
                    lines.add(log.append(shard + ":" + batch + ":" + i, 1, "same"));
                  }
                  lines.add(log.removeOne(shard + ":" + batch + ":r", 1, "same"));
                  assertThat(sink.write(PEOPLE.name(), rows)).isEmpty();
                  assertThat(sink.write(log.name(), lines)).isEmpty();
                }
              }));
    }
    for (Future<?> task : done) {
      task.get();
    }
    threads.shutdown();

    assertThat(probe.query("SELECT count(*) FROM contract.people WHERE data ->> 'age' = '9'"))
        .containsExactly("200");
    assertThat(probe.query("SELECT count(*) FROM contract.log")).containsExactly("1960");
  }

  @Test
  void anotherProcessSeesATableChangeAtItsNextWrite() {
    sink.apply(PEOPLE.create());
    try (Sink other = probe.open(Layout.DOCUMENT)) {
      assertThat(other.write(PEOPLE.name(), List.of(PEOPLE.put(1, "a", 1, "[]")))).isEmpty();
      TestTable wide = PEOPLE.plus(TestTable.column("more", DataType.STRING, "jsonb"));
      sink.apply(wide.change(TableOperation.ADD_COLUMN));
      assertThat(other.write(wide.name(), List.of(wide.put(2, "b", 2, "[]", "{\"a\": 1}"))))
          .isEmpty();
      assertThat(probe.rows(wide.schema()))
          .contains(wide.expected(wide.row(2, "b", 2, "[]", "{\"a\": 1}"))[0]);
    }
  }
}
