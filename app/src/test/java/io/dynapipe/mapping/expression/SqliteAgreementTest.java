package io.dynapipe.mapping.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.mapping.expression.Value.Exact;
import io.dynapipe.mapping.expression.Value.Real;
import io.dynapipe.mapping.expression.Value.Special;
import io.dynapipe.mapping.expression.Value.Text;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions mean what they mean to SQLite itself. */
final class SqliteAgreementTest {

  /** $i: integer, $n: integer, $t: text, $d: text of digits, $z: NULL. */
  private static final Map<String, Value> COLUMNS =
      Map.of(
          "i", new Exact(new BigDecimal("42"), "42"),
          "n", new Exact(new BigDecimal("-7"), "-7"),
          "r", new Real(2.5, "2.5"),
          "t", new Text("  Größe x😀y  "),
          "d", new Text("12abc"),
          "z", Special.NULL);

  private static Connection sqlite;

  @BeforeAll
  @BeforeContainer
  static void open() throws SQLException {
    sqlite = DriverManager.getConnection("jdbc:sqlite::memory:");
  }

  @AfterAll
  @AfterContainer
  static void close() throws SQLException {
    sqlite.close();
  }

  @Property(tries = 3000)
  void agreesOnRandomExpressions(@ForAll("expressions") String text) throws SQLException {
    assertThat(ours(text)).as(text).isEqualTo(sqlites(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "substr('héllo', 2)",
        "substr('héllo', 0)",
        "substr('héllo', 0, 2)",
        "substr('héllo', -2)",
        "substr('héllo', -2, 1)",
        "substr('héllo', -9, 6)",
        "substr('héllo', 3, -2)",
        "substr('héllo', 2, -5)",
        "substr('héllo', -2, -2)",
        "substr('héllo', -9, -2)",
        "substring('héllo', 9, 2)",
        "round(2.5)",
        "round(-2.5)",
        "round(2.345, 1)",
        "round($r)",
        "round('7.9x')",
        "abs($n)",
        "abs('x')",
        "abs('-3')",
        "hex('aé')",
        "trim($t)",
        "ltrim('xxaxx', 'x')",
        "rtrim('xyaxy', 'yx')",
        "replace('aXbXc', 'X', '--')",
        "replace('abc', '', 'x')",
        "instr('aéb', 'b')",
        "length($t)",
        "upper('straße')",
        "lower('ÄB')",
        "nullif(1, 1.0)",
        "nullif('a', 'b')",
        "coalesce($z, $z, 3)",
        "ifnull($z, 'x')",
        "max(1, 'a', 2)",
        "min(3, 2.5, 4)",
        "max(1, $z)",
        "iif(1 > 2, 'a', 'b')",
        "1 / 2 || 'x'",
        "7 % 4 || '|' || -7 % 4 || '|' || 7 % 0",
        "1.0 / 4",
        "'3' + 4",
        "$d * 2",
        "$d > 5",
        "12 = '12'",
        "0.1 + 0.2 < 0.31",
        "'abc' LIKE 'A%'",
        "'a_c' LIKE 'a#_c' ESCAPE '#'",
        "'abc' LIKE 'a#_c' ESCAPE '#'",
        "'äbc' LIKE 'Ä%'",
        "'abcbc' LIKE '%bc'",
        "$z IS NULL",
        "$z ISNULL",
        "$i NOTNULL",
        "$i NOT NULL",
        "$z IS NOT NULL",
        "NULL IS NULL AND 1",
        "$z = 1 OR 1",
        "$z AND 0",
        "NOT $z",
        "3 IN (1, 2, 3)",
        "3 NOT IN (1, 2)",
        "3 IN (1, NULL)",
        "5 BETWEEN 1 AND 5",
        "5 NOT BETWEEN 1 AND 4",
        "CASE WHEN $i >= 20 THEN 'SENIOR' ELSE 'JUNIOR' END",
        "CASE $i WHEN 1 THEN 'one' WHEN 42 THEN 'yes' END",
        "CASE $i WHEN 1 THEN 'one' END",
        "CAST('12.7abc' AS INTEGER)",
        "CAST(-12.7 AS INT)",
        "CAST(3 AS TEXT) || 'x'",
        "CAST('2.50' AS REAL)",
        "CAST($i AS VARCHAR(10)) || '!'",
        "-(-3)",
        "- - 3",
        "2 + 3 * 4 - 1 || '2'",
        "NOT 1 = 2",
        "1 < 2 = 1",
        "'it''s'",
        "1e3",
        "1e20 || ''",
        "1.5e-7 || ''",
        "123456789.125 || ''",
        "typeof(1)",
        "typeof('x')",
        "typeof($z)",
        "date('2024-02-29', '+1 year')",
        "date('2024-01-31', '+1 month')",
        "date('2023-02-31')",
        "datetime('2024-01-31T23:59:59.999Z')",
        "datetime('2024-01-31 23:00', '+90 minutes')",
        "datetime('2024-01-31 01:00:00+02:30')",
        "time('12:30')",
        "time('2024-01-31 12:30:15.9')",
        "date('2024-05-15', 'start of month', '-1 day')",
        "date('2024-05-15', 'start of year')",
        "date('2024-05-15', 'weekday 0')",
        "date('2024-05-19', 'weekday 0')",
        "datetime(1092941466, 'unixepoch')",
        "datetime('1092941466', 'unixepoch')",
        "datetime(2451545)",
        "date('nonsense')",
        "date($z)",
        "julianday('2000-01-01 12:00')",
        "julianday('2024-02-29 13:14:15.25') - julianday('2024-01-01')",
        "strftime('%Y/%m/%d %H-%M-%S %j %w %W %f %s %%', '2024-03-10 01:02:03.456')",
        "strftime('%J', '2024-03-10')",
      })
  void agreesOn(String text) throws SQLException {
    assertThat(ours(text)).isEqualTo(sqlites(text));
  }

  private static String ours(String text) {
    Expression expression = Expression.parse(text);
    Value value = expression.evaluate(FixedScope.of(expression, COLUMNS));
    return value.isNull() ? null : normal(Texts.of(value));
  }

  private static String sqlites(String text) throws SQLException {
    Expression expression = Expression.parse(text);
    String sql = text.replaceAll("\\$([a-z])", "?$1");
    List<String> names = names(text);
    try (PreparedStatement query =
        sqlite.prepareStatement("SELECT " + sql.replaceAll("\\?[a-z]", "?"))) {
      for (int i = 0; i < names.size(); i++) {
        bind(query, i + 1, COLUMNS.get(names.get(i)));
      }
      try (ResultSet result = query.executeQuery()) {
        result.next();
        String answer = result.getString(1);
        assertThat(expression.columns()).containsAll(names);
        return answer == null ? null : normal(answer);
      }
    }
  }

  private static List<String> names(String text) {
    return java.util.regex.Pattern.compile("\\$([a-z])")
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static void bind(PreparedStatement query, int index, Value value) throws SQLException {
    if (value instanceof Exact exact) {
      query.setLong(index, exact.number().longValueExact());
    } else if (value instanceof Real real) {
      query.setDouble(index, real.number());
    } else if (value instanceof Text string) {
      query.setString(index, string.text());
    } else {
      query.setObject(index, null);
    }
  }

  /** Decimals stay decimals here and become floating point there: 3.50 and 3.5 are the same. */
  private static String normal(String text) {
    if (!text.matches("-?\\d+(\\.\\d+)?(e[+-]\\d+)?")) {
      return text;
    }
    return new BigDecimal(text)
        .round(new java.math.MathContext(12))
        .stripTrailingZeros()
        .toPlainString();
  }

  @Provide
  Arbitrary<String> expressions() {
    return expression(4);
  }

  private static Arbitrary<String> expression(int depth) {
    Arbitrary<String> leaf =
        Arbitraries.of(
            "$i", "$n", "$r", "$t", "$d", "$z", "1", "0", "3", "2.5", "'a'", "'B'", "''", "NULL");
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<String> inner = Arbitraries.lazy(() -> expression(depth - 1));
    return Arbitraries.oneOf(
        leaf,
        Combinators.combine(
                inner,
                Arbitraries.of(
                    "+", "-", "*", "||", "=", "<>", "<", ">=", "AND", "OR", "IS", "IS NOT"),
                inner)
            .as((a, operator, b) -> a + " " + operator + " " + b),
        Combinators.combine(inner, inner).as((a, b) -> "(" + a + ") + (" + b + ")"),
        Combinators.combine(inner, inner, inner)
            .as((a, b, c) -> "CASE WHEN " + a + " THEN " + b + " ELSE " + c + " END"),
        Combinators.combine(Arbitraries.of("upper", "trim", "length", "abs", "NOT "), inner)
            .as((function, a) -> function + "(" + a + ")"),
        Combinators.combine(Arbitraries.of("coalesce", "max", "nullif"), inner, inner)
            .as((function, a, b) -> function + "(" + a + ", " + b + ")"));
  }
}
