package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The statements' texts, which are CrateDB's plan cache keys. */
final class StatementsTest {

  private static final TableName NAME = new TableName("public", "foo");
  private static final TableSchema SOURCE =
      new TableSchema(
          NAME,
          List.of(
              new Column("id", DataType.INT32, null, false, "int4", null, null),
              new Column("it's", DataType.TIMESTAMP, null, false, "timestamptz", null, null),
              new Column("price", DataType.DECIMAL, null, true, "numeric(10,2)", 10, 2),
              new Column("attributes", DataType.STRING, null, true, "jsonb", null, null),
              new Column("a.b", DataType.STRING, null, true, "text", null, null),
              new Column("guess", DataType.STRING, null, true, null, null, null)),
          List.of("id", "it's"));

  private static CreateTable create() {
    return new CreateTable(CrateSettings.of(URI.create("http://localhost:4200")).tables());
  }

  private static TargetTable shape(Layout layout) {
    Map<String, CrateType> columns = new LinkedHashMap<>();
    CrateType pk =
        CrateType.object(
            CrateType.Policy.STRICT, Map.of("id", CrateType.INTEGER, "it's", CrateType.TEXT));
    Map<String, CrateType> data = new LinkedHashMap<>();
    data.put("price", CrateType.numeric(10, 2));
    data.put("attributes", CrateType.OBJECT_IGNORED);
    List<List<String>> key;
    if (layout == Layout.COLUMNS) {
      columns.put("id", CrateType.INTEGER);
      columns.put("it's", CrateType.TEXT);
      columns.putAll(data);
      key = List.of(List.of("id"), List.of("it's"));
    } else {
      columns.put("pk", pk);
      columns.put("data", CrateType.object(CrateType.Policy.DYNAMIC, data));
      key = List.of(List.of("pk", "id"), List.of("pk", "it's"));
    }
    columns.put("aux", CrateType.OBJECT_IGNORED);
    RawTable raw = new RawTable(NAME, columns, Map.of(), key, 8);
    return TableShape.of(raw, SOURCE, layout, layout);
  }

  @Test
  void createsDocumentTables() {
    assertThat(create().statement(NAME, SOURCE, Layout.DOCUMENT))
        .isEqualTo(
            "CREATE TABLE IF NOT EXISTS \"public\".\"foo\" (pk object(strict) as (\"id\" integer"
                + " primary key, \"it's\" text primary key), data object(dynamic) as (\"id\""
                + " integer, \"it's\" timestamp with time zone, \"price\" numeric(10, 2),"
                + " \"attributes\" object(ignored)), aux object(ignored))");
  }

  @Test
  void createsUniversalTables() {
    assertThat(create().statement(NAME, SOURCE, Layout.UNIVERSAL))
        .isEqualTo(
            "CREATE TABLE IF NOT EXISTS \"public\".\"foo\" (pk object(strict) as (\"id\" integer"
                + " primary key, \"it's\" text primary key), data object(dynamic) as (\"price\""
                + " numeric(10, 2), \"attributes\" object(ignored)), aux object(ignored))");
  }

  @Test
  void createsTablesOfColumns() {
    assertThat(create().statement(NAME, SOURCE, Layout.COLUMNS))
        .isEqualTo(
            "CREATE TABLE IF NOT EXISTS \"public\".\"foo\" (\"id\" integer, \"it's\" text,"
                + " \"price\" numeric(10, 2), \"attributes\" object(ignored), aux"
                + " object(ignored), primary key (\"id\", \"it's\"))");
  }

  @Test
  void createsTablesForSourcesWithoutAKey() {
    TableSchema keyless =
        new TableSchema(
            NAME,
            List.of(new Column("n", DataType.INT64, null, true, "int8", null, null)),
            List.of());
    assertThat(create().statement(NAME, keyless, Layout.DOCUMENT))
        .isEqualTo(
            "CREATE TABLE IF NOT EXISTS \"public\".\"foo\" (pk object(strict) as (\"event\" text"
                + " primary key, \"row\" text), data object(dynamic) as (\"n\" bigint), aux"
                + " object(ignored))");
  }

  @Test
  void createsTablesWithOptions() {
    CrateSettings.Tables options =
        new CrateSettings.Tables(
            Layout.DOCUMENT,
            null,
            6,
            "1",
            List.of("it's", "other"),
            Map.of("refresh_interval", "5000"),
            java.util.Set.of("public.foo.guess"),
            CrateSettings.ControlTables.SKIP,
            true);
    assertThat(new CreateTable(options).statement(NAME, SOURCE, Layout.DOCUMENT))
        .contains("\"guess\" object(ignored)")
        .endsWith(
            " CLUSTERED INTO 6 SHARDS PARTITIONED BY (pk['it''s']) WITH (\"number_of_replicas\" ="
                + " '1', \"refresh_interval\" = 5000)");
  }

  @Test
  void writesDocumentTables() {
    Statements statements = new Statements(shape(Layout.DOCUMENT));
    assertThat(statements.put(List.of()))
        .isEqualTo(
            "INSERT INTO \"public\".\"foo\" (pk, data, aux) VALUES (?, ?, ?) ON CONFLICT"
                + " (pk['id'], pk['it''s']) DO UPDATE SET data = excluded.data, aux ="
                + " excluded.aux");
    assertThat(statements.merge(List.of()))
        .isEqualTo(
            "INSERT INTO \"public\".\"foo\" (pk, data, aux) VALUES (?, ?, ?) ON CONFLICT"
                + " (pk['id'], pk['it''s']) DO UPDATE SET data = concat(data, excluded.data), aux"
                + " = CASE WHEN aux IS NULL THEN excluded.aux ELSE concat(aux, ?) END");
    assertThat(statements.delete())
        .isEqualTo("DELETE FROM \"public\".\"foo\" WHERE pk['id'] = ? AND pk['it''s'] = ?");
    assertThat(statements.move(List.of()))
        .isEqualTo(
            "INSERT INTO \"public\".\"foo\" (pk, data, aux) (SELECT ?::object, concat(data,"
                + " ?::object), CASE WHEN aux IS NULL THEN ?::object ELSE concat(aux, ?::object)"
                + " END FROM \"public\".\"foo\" WHERE pk['id'] = ? AND pk['it''s'] = ?) ON"
                + " CONFLICT (pk['id'], pk['it''s']) DO UPDATE SET data = excluded.data, aux ="
                + " excluded.aux");
  }

  @Test
  void writesTablesOfColumns() {
    Statements statements = new Statements(shape(Layout.COLUMNS));
    List<String> all = List.of("id", "it's", "price", "attributes");
    assertThat(statements.put(all))
        .isEqualTo(
            "INSERT INTO \"public\".\"foo\" (\"id\", \"it's\", \"price\", \"attributes\", aux)"
                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (\"id\", \"it's\") DO UPDATE SET \"price\""
                + " = excluded.\"price\", \"attributes\" = excluded.\"attributes\", aux ="
                + " excluded.aux");
    assertThat(statements.merge(List.of("id", "it's", "price")))
        .isEqualTo(
            "INSERT INTO \"public\".\"foo\" (\"id\", \"it's\", \"price\", aux) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (\"id\", \"it's\") DO UPDATE SET \"price\" = excluded.\"price\","
                + " aux = CASE WHEN aux IS NULL THEN excluded.aux ELSE concat(aux, ?) END");
  }

  @Test
  void writesAPersonsTableWithAGeneratedKey() {
    Map<String, CrateType> columns = new LinkedHashMap<>();
    columns.put("id", CrateType.INTEGER);
    columns.put(
        "data",
        CrateType.object(
            CrateType.Policy.DYNAMIC,
            Map.of("id", CrateType.INTEGER, "_aux", CrateType.OBJECT_IGNORED)));
    RawTable raw =
        new RawTable(NAME, columns, Map.of("id", "data['id']"), List.of(List.of("id")), 4);
    Statements statements = new Statements(TableShape.of(raw, null, Layout.DOCUMENT, null));
    assertThat(statements.put(List.of()))
        .isEqualTo(
            "INSERT INTO \"public\".\"foo\" (data) VALUES (?) ON CONFLICT (\"id\") DO UPDATE SET"
                + " data = excluded.data");
    assertThat(statements.merge(List.of()))
        .isEqualTo(
            "INSERT INTO \"public\".\"foo\" (data) VALUES (?) ON CONFLICT (\"id\") DO UPDATE SET"
                + " data = concat(concat(data, excluded.data), {\"_aux\" = CASE WHEN data['_aux']"
                + " IS NULL THEN ? ELSE concat(data['_aux'], ?) END})");
  }
}
