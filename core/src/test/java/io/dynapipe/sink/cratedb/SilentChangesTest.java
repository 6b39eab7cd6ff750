package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.TestTable;
import io.dynapipe.sink.cratedb.TargetTable.AuxPlace;
import io.dynapipe.sink.cratedb.TargetTable.KeyStyle;
import io.dynapipe.sink.cratedb.ValueEncoder.Fit;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The nine ways in which CrateDB stores another value than it was sent, without an error, and what
 * prevents each. That CrateDB behaves so is recorded in {@link RecordedCrateTest}.
 */
final class SilentChangesTest {

  private static final String MICROSECONDS = "2024-01-01T00:00:00.123456Z";

  /** Whether a value is sent, sent with its text in aux beside it, or goes to aux alone. */
  private static Fit fit(CrateType type, DataType source, Object value) {
    return ValueEncoders.of(type, Column.of("v", source))
        .encode(new JsonBuffer(64), TestTable.rowOf(ColumnNames.of("v"), value), 0);
  }

  /** The type that a value decides for a column which no event defined. */
  private static CrateType guessed(Object value) {
    CrateSettings settings = CrateSettings.of(URI.create("http://localhost"));
    TargetTable table =
        new TargetTable(
            new TableName("public", "foo"),
            KeyStyle.NONE,
            List.of(),
            true,
            true,
            AuxPlace.COLUMN,
            Map.of(),
            2);
    ColumnDemand demand =
        new ColumnDemand(
            OpenTable.of(table, true, null, Set.of()),
            table.name(),
            new CreateTable(settings.tables()));
    RowWrite write = RowWrite.append(TestTable.rowOf(ColumnNames.of("v"), value), "e");
    return demand.missing(List.of(write)).get("v");
  }

  @Test
  void a1FractionsAfterAWholeNumberAreNotCut() {
    assertThat(guessed(55)).isEqualTo(CrateType.DOUBLE);
    assertThat(CrateTypes.member(Column.of("v", DataType.DOUBLE), true))
        .isEqualTo(CrateType.DOUBLE);
    assertThat(fit(CrateType.BIGINT, DataType.DOUBLE, 61.5)).isEqualTo(Fit.NOT);
  }

  @Test
  void a2FractionsInIntegersAreNotCut() {
    assertThat(fit(CrateType.INTEGER, DataType.INT32, 1.7)).isEqualTo(Fit.NOT);
    assertThat(fit(CrateType.BIGINT, DataType.INT64, 1.7)).isEqualTo(Fit.NOT);
  }

  @Test
  void a3NumbersBeyondBigintDoNotWrapAround() {
    for (String number : List.of("92233720368547758079", "9999999999999999999")) {
      Object value = new BigDecimal(number);
      assertThat(fit(CrateType.BIGINT, DataType.INT64, value)).isEqualTo(Fit.NOT);
    }
  }

  @Test
  void a4MicrosecondsAreKeptBesideATimestamp() {
    assertThat(fit(CrateType.TIMESTAMP, DataType.TIMESTAMP, MICROSECONDS)).isEqualTo(Fit.CUT);
  }

  @Test
  void a5TimestampKeysThatDifferInMicrosecondsStayTwoKeys() {
    Column column = Column.of("v", DataType.TIMESTAMP);
    assertThat(CrateTypes.key(column)).isEqualTo(CrateType.TEXT);
    assertThat(
            ValueEncoders.key(CrateType.TIMESTAMP, column)
                .encode(new JsonBuffer(64), TestTable.rowOf(ColumnNames.of("v"), MICROSECONDS), 0))
        .isEqualTo(Fit.NOT);
  }

  @Test
  void a6RealsKeepTheDigitsThatDmsPrints() {
    Column column = Column.of("v", DataType.FLOAT);
    assertThat(CrateTypes.member(column, true)).isEqualTo(CrateType.DOUBLE);
    Object printed = new BigDecimal("2.20000005");
    assertThat(fit(CrateType.REAL, DataType.FLOAT, printed)).isEqualTo(Fit.CUT);
  }

  @Test
  void a7OnesAndLettersAreNoBooleans() {
    assertThat(fit(CrateType.BOOLEAN, DataType.BOOLEAN, 1)).isEqualTo(Fit.NOT);
    assertThat(fit(CrateType.BOOLEAN, DataType.BOOLEAN, "t")).isEqualTo(Fit.NOT);
    assertThat(fit(CrateType.BOOLEAN, DataType.BOOLEAN, true)).isEqualTo(Fit.EXACT);
  }

  @Test
  void a8TextsThatHoldAnObjectStayTexts() {
    Column text = new Column("v", DataType.STRING, null, true, "text", null, null);
    assertThat(CrateTypes.member(text, true)).isEqualTo(CrateType.TEXT);
    // In an object of a person's own the spelling would be lost, and "" or "1" become {}.
    assertThat(fit(CrateType.OBJECT_IGNORED, DataType.STRING, "{\"v\":1}")).isEqualTo(Fit.CUT);
    assertThat(fit(CrateType.OBJECT_IGNORED, DataType.STRING, "")).isEqualTo(Fit.NOT);
    assertThat(fit(CrateType.OBJECT_IGNORED, DataType.STRING, "1")).isEqualTo(Fit.NOT);
  }

  @Test
  void a9NumbersInDocumentsAreNotRounded() {
    assertThat(fit(CrateType.OBJECT_IGNORED, DataType.STRING, "{\"v\": 61.5}"))
        .isEqualTo(Fit.EXACT);
    assertThat(fit(CrateType.OBJECT_IGNORED, DataType.STRING, "{\"v\": 0.1234567890123456789}"))
        .isEqualTo(Fit.NOT);
    assertThat(fit(CrateType.OBJECT_IGNORED, DataType.STRING, "{\"v\": 92233720368547758079}"))
        .isEqualTo(Fit.NOT);
  }
}
