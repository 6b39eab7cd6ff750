package io.dynapipe.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.ValueKind;
import io.dynapipe.sink.JsonTree;
import io.dynapipe.sink.postgres.ColumnType.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The server is the judge of what its types do to values. */
final class FitIT {

  private static final int VALUES = 20_000;

  private static Connection connection;

  @BeforeAll
  static void connect() throws SQLException {
    connection =
        DriverManager.getConnection(
            PostgresServer.url().jdbcUrl(), PostgresServer.url().jdbcProperties());
  }

  @AfterAll
  static void disconnect() throws SQLException {
    connection.close();
  }

  @Test
  void doublesThatFitComeBackAsTheSameNumberAndOthersDoNot() throws SQLException {
    check("float8", ColumnType.of(Kind.FLOAT8, "float8"), numbers(), BigDecimal::new);
  }

  @Test
  void realsThatFitComeBackAsTheSameNumberAndOthersDoNot() throws SQLException {
    check("float4", ColumnType.of(Kind.FLOAT4, "float4"), numbers(), BigDecimal::new);
  }

  @Test
  void numericsThatFitComeBackAsTheSameNumber() throws SQLException {
    check("numeric", ColumnType.of(Kind.NUMERIC, "numeric"), numbers(), BigDecimal::new);
  }

  @Test
  void momentsThatFitComeBackAsTheSameText() throws SQLException {
    check(
        "timestamptz",
        ColumnType.of(Kind.TIMESTAMP, "timestamptz"),
        moments(),
        text ->
            text.replace('T', ' ')
                .replaceFirst("(\\.\\d*?)0*(Z|\\+00)$", "$1Z")
                .replace(".Z", "Z")
                .replace("+00", "Z"));
  }

  @Test
  void documentsThatFitComeBackAsTheSameDocument() throws SQLException {
    check(
        "jsonb",
        ColumnType.of(Kind.JSONB, "jsonb"),
        documents(),
        text -> JsonTree.write(JsonTree.parse(text)));
  }

  /** EXACT comes back the same. NEAR is accepted; a number then comes back as another one. */
  private static void check(
      String type, ColumnType column, List<String> texts, Function<String, Object> value)
      throws SQLException {
    List<String> accepted = new ArrayList<>();
    List<Fit> fits = new ArrayList<>();
    for (String text : texts) {
      Fit fit = fit(column, text);
      if (fit != Fit.NONE) {
        accepted.add(text);
        fits.add(fit);
      }
    }
    List<String> back = roundTrip(type, accepted);
    for (int i = 0; i < accepted.size(); i++) {
      if (fits.get(i) == Fit.NEAR && column.kind() == Kind.JSONB) {
        continue; // of a member that occurs twice, both may be the same
      }
      boolean same = same(value.apply(accepted.get(i)), value.apply(back.get(i)));
      assertThat(same)
          .as("%s came back as %s", accepted.get(i), back.get(i))
          .isEqualTo(fits.get(i) == Fit.EXACT);
    }
    assertThat(accepted).hasSizeGreaterThan(texts.size() / 3);
  }

  private static boolean same(Object sent, Object back) {
    return sent instanceof BigDecimal number
        ? number.compareTo((BigDecimal) back) == 0
        : sent.equals(back);
  }

  private static Fit fit(ColumnType column, String text) {
    boolean number = column.kind() == Kind.NUMERIC;
    Row row =
        new RowBuilder()
            .begin(ColumnNames.of("v"))
            .add(
                number ? ValueKind.NUMBER : ValueKind.TEXT,
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                0,
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
            .build();
    return column.fit(row, 0);
  }

  private static List<String> roundTrip(String type, List<String> texts) throws SQLException {
    List<String> back = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT (v::"
                + type
                + ")::text FROM unnest(?) WITH ORDINALITY AS u(v, n) ORDER BY n")) {
      connection.createStatement().execute("SET TimeZone = 'UTC'");
      statement.setArray(1, connection.createArrayOf("text", texts.toArray()));
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          back.add(result.getString(1));
        }
      }
    }
    return back;
  }

  private static List<String> numbers() {
    Random random = new Random(1);
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < VALUES; i++) {
      double any = Double.longBitsToDouble(random.nextLong());
      double small = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
      BigDecimal value =
          new BigDecimal(
              i % 4 == 0 && Double.isFinite(any) ? any : i % 4 == 1 ? (float) small : small);
      BigDecimal rounded = value.round(new MathContext(1 + random.nextInt(19)));
      numbers.add(rounded.signum() == 0 ? "0" : rounded.toString());
    }
    return numbers;
  }

  private static List<String> moments() {
    Random random = new Random(2);
    List<String> moments = new ArrayList<>();
    for (int i = 0; i < VALUES; i++) {
      int year = random.nextInt(10) == 0 ? 1 + random.nextInt(294_276) : 1 + random.nextInt(3_000);
      String digits = String.format("%09d", random.nextInt(1_000_000_000));
      int length = random.nextInt(10);
      moments.add(
          String.format(
              "%04d-%02d-%02dT%02d:%02d:%02d%sZ",
              year,
              1 + random.nextInt(12),
              1 + random.nextInt(31),
              random.nextInt(24),
              random.nextInt(60),
              random.nextInt(60),
              length == 0 ? "" : "." + digits.substring(0, length)));
    }
    return moments;
  }

  private static List<String> documents() {
    Random random = new Random(3);
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < VALUES; i++) {
      documents.add(document(random, 0));
    }
    return documents;
  }

  private static String document(Random random, int depth) {
    String[] scalars = {
      "null",
      "true",
      "0",
      "-0.0",
      "1e5",
      "-1.50",
      "1e-5",
      "12345678901234567890.1",
      "\"\"",
      "\"\\u00e4\"",
      "\"\\ud83d\\ude00\"",
      "\"\\u0000\"",
      "\"\\ud800\"",
      "\"a\\\\u0000\"",
      "\" \\n\""
    };
    int choice = random.nextInt(depth > 3 ? 4 : 8);
    if (choice < 4) {
      return scalars[random.nextInt(scalars.length)];
    }
    List<String> elements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String member = choice < 6 ? "" : "\"" + (char) ('a' + random.nextInt(4)) + "\" : ";
      elements.add(member + document(random, depth + 1));
    }
    return choice < 6 ? elements.toString() : "{" + String.join(",", elements) + "}";
  }
}
