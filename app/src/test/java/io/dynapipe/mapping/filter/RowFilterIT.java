package io.dynapipe.mapping.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Row;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.SourceDatabase;
import io.dynapipe.mapping.document.Problems;
import io.dynapipe.mapping.rule.ColumnFilter;
import io.dynapipe.mapping.rule.FilterCondition;
import io.dynapipe.mapping.rule.FilterOperator;
import io.dynapipe.source.postgres.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A filter must choose the same rows in the full load (SQL) and in CDC (by event). */
final class RowFilterIT {

  /** By type: values that make a difference; each is a row and each is a filter's value. */
  private static final Map<String, List<String>> VALUES =
      Map.ofEntries(
          Map.entry("smallint", List.of("-32768", "-1", "0", "5", "32767")),
          Map.entry("integer", List.of("-2147483648", "-1", "0", "5", "2147483647")),
          Map.entry("bigint", List.of("-9223372036854775808", "0", "9223372036854775807")),
          Map.entry("oid", List.of("0", "5", "4294967295")),
          Map.entry(
              "numeric", List.of("-1.50", "-1.5", "0", "0.1", "1e20", "123456789.0123456789")),
          Map.entry("numeric(10,2)", List.of("-1.50", "0", "0.10", "99999999.99")),
          Map.entry("real", List.of("-0", "0", "0.1", "0.5", "1e30", "-3.4e38", "16777217")),
          Map.entry("double precision", List.of("-0", "0", "0.1", "0.5", "1e300", "5e-324")),
          Map.entry("boolean", List.of("true", "false")),
          Map.entry(
              "text", List.of("", "a", "B", "b", "ab", "a b", "é", "z", "Ω", "😀", "it's", "\\n")),
          Map.entry("varchar(10)", List.of("", "a", "B", "b ", "b", "é")),
          Map.entry("char(5)", List.of("", "a", "a  ", "B", "b", "é")),
          Map.entry("name", List.of("a", "B", "b")),
          Map.entry(
              "uuid",
              List.of(
                  "00000000-0000-0000-0000-000000000000",
                  "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
                  "ffffffff-ffff-ffff-ffff-ffffffffffff")),
          Map.entry(
              "date",
              List.of(
                  "0044-03-15 BC",
                  "1999-12-31",
                  "2000-01-01",
                  "20000-01-01",
                  "infinity",
                  "-infinity")),
          Map.entry("time", List.of("00:00:00", "12:30:00.000001", "12:30", "24:00:00")),
          Map.entry(
              "timestamp",
              List.of(
                  "2000-01-01 00:00:00",
                  "2000-01-01",
                  "1999-12-31 23:59:59.999999",
                  "2000-01-01T00:00:00.1",
                  "0044-03-15 12:00:00 BC",
                  "294276-12-31 23:59:59.999999",
                  "infinity",
                  "-infinity")),
          Map.entry(
              "timestamptz",
              List.of(
                  "2000-01-01 00:00:00",
                  "2000-01-01 02:00:00+02",
                  "2000-01-01 02:00:00-05:30",
                  "1999-12-31 23:59:59.999999Z",
                  "2000-01-01",
                  "0044-03-15 12:00:00+00 BC",
                  "infinity")),
          Map.entry("mood", List.of("sad", "ok")),
          Map.entry("money", List.of("$1.00", "-$2.50")),
          Map.entry("cidr", List.of("10.0.0.0/8", "192.168.0.0/24")),
          Map.entry("interval", List.of("1 day", "1 mon 02:00:00")));

  @SuppressWarnings("unused") // read by the parameterized test
  private static final Iterable<String> TYPES = VALUES.keySet();

  private static SourceDatabase database;

  @BeforeAll
  static void start() throws Exception {
    database = new SourceDatabase();
    database.execute("CREATE TYPE public.mood AS ENUM ('sad', 'ok')");
  }

  @AfterAll
  static void stop() throws Exception {
    database.close();
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void agreesWithPostgres(String type) throws Exception {
    List<String> values = VALUES.get(type);
    String sqlType = type.equals("mood") ? "public.mood" : type;
    database.execute("DROP TABLE IF EXISTS public.filtered");
    database.execute(
        "CREATE TABLE public.filtered (id int PRIMARY KEY, \"c\"\"1\" " + sqlType + ")");
    int id = 0;
    for (String value : rowValues(type, values)) {
      String literal = value == null ? "NULL" : SqlText.literal(value);
      database.execute("INSERT INTO public.filtered VALUES (" + id++ + ", " + literal + ")");
    }
    SourceTable table = database.table(new TableName("public", "filtered"));
    List<Row> rows = rows(table);

    boolean ordered = !List.of("mood", "money", "cidr", "interval").contains(type);
    for (FilterCondition condition : conditions(values, ordered)) {
      RowFilter filter = filter(table, condition);
      List<String> expected =
          database.query("SELECT id FROM public.filtered WHERE " + filter.sql() + " ORDER BY id");
      List<String> chosen = new ArrayList<>();
      for (Row row : rows) {
        if (filter.test(row, null) == Verdict.PASSES) {
          chosen.add(row.text("id"));
        }
      }
      assertThat(chosen).as("%s: %s", type, filter.sql()).isEqualTo(expected);
    }
  }

  @Test
  void quotesNamesAndValues() throws Exception {
    database.execute("DROP TABLE IF EXISTS public.\"we\"\"ird\"");
    database.execute("CREATE TABLE public.\"we\"\"ird\" (\"a\"\" OR 1=1 --\" text PRIMARY KEY)");
    database.execute("INSERT INTO public.\"we\"\"ird\" VALUES ('x'), ('''; DROP TABLE t; --\\')");
    SourceTable table = database.table(new TableName("public", "we\"ird"));
    Problems problems = new Problems("", "");
    RowFilter filter =
        RowFilter.of(
            List.of(
                new ColumnFilter(
                    "a\" OR 1=1 --",
                    List.of(new FilterCondition(FilterOperator.EQ, "'; DROP TABLE t; --\\", "")))),
            table.schema(),
            "",
            problems);
    problems.throwIfAny();

    assertThat(database.query("SELECT count(*) FROM public.\"we\"\"ird\" WHERE " + filter.sql()))
        .containsExactly("1");
  }

  private static List<Row> rows(SourceTable table) throws Exception {
    return database.rows(table, "public.filtered");
  }

  /** The values, NULL, and what only a row can hold. */
  private static int serverVersion() throws Exception {
    return Integer.parseInt(database.query("SHOW server_version_num").get(0));
  }

  private static List<String> rowValues(String type, List<String> values) throws Exception {
    List<String> all = new ArrayList<>(values);
    all.add(null);
    boolean real = type.equals("real") || type.equals("double precision");
    if (real || type.equals("numeric")) {
      all.add("NaN");
    }
    // PostgreSQL's numeric has infinities since 14.
    if (real || (type.equals("numeric") && serverVersion() >= 140_000)) {
      all.addAll(List.of("Infinity", "-Infinity"));
    }
    return all;
  }

  private static List<FilterCondition> conditions(List<String> values, boolean ordered) {
    List<FilterCondition> conditions = new ArrayList<>();
    for (FilterOperator operator : FilterOperator.values()) {
      for (String value : operator.operands() == 0 ? List.of("") : values) {
        for (String end : operator.operands() == 2 ? values : List.of("")) {
          boolean comparable = ordered || operator.isEquality() || operator.operands() == 0;
          if (comparable && !(value.isEmpty() && operator.operands() > 0 && end.isEmpty())) {
            conditions.add(new FilterCondition(operator, value, end));
          }
        }
      }
    }
    return conditions;
  }

  private static RowFilter filter(SourceTable table, FilterCondition condition) {
    Problems problems = new Problems("filters", "");
    RowFilter filter =
        RowFilter.of(
            List.of(new ColumnFilter("c\"1", List.of(condition))), table.schema(), "", problems);
    problems.throwIfAny();
    return filter;
  }
}
