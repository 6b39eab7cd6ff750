package io.dynapipe.sink.cratedb;

import static io.dynapipe.sink.cratedb.ValueEncoder.Fit.CUT;
import static io.dynapipe.sink.cratedb.ValueEncoder.Fit.EXACT;
import static io.dynapipe.sink.cratedb.ValueEncoder.Fit.NOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each CrateDB type takes; what it would change without an error is refused or marked. */
final class ValueEncodersTest {

  private static final ColumnNames NAMES = ColumnNames.of("v");

  private static Row row(ValueKind kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new RowBuilder().begin(NAMES).add(kind, bytes, 0, bytes.length).build();
  }

  /** The fit and, unless it does not fit, the JSON: {@code EXACT 5}. */
  private static String encode(CrateType type, Column source, ValueKind kind, String text) {
    JsonBuffer out = new JsonBuffer(64);
    ValueEncoder.Fit fit = ValueEncoders.of(type, source).encode(out, row(kind, text), 0);
    return fit == NOT ? "NOT" : fit + " " + out;
  }

  private static String number(CrateType type, String text) {
    return encode(type, Column.of("v", DataType.DECIMAL), ValueKind.NUMBER, text);
  }

  private static String text(CrateType type, DataType source, String text) {
    return encode(type, Column.of("v", source), ValueKind.TEXT, text);
  }

  @ParameterizedTest
  @CsvSource({
    "SMALLINT, 32767, EXACT 32767",
    "SMALLINT, 32768, NOT",
    "SMALLINT, -32768, EXACT -32768",
    "INTEGER, 2147483647, EXACT 2147483647",
    "INTEGER, 2147483648, NOT",
    "INTEGER, -2147483648, EXACT -2147483648",
    "INTEGER, -2147483649, NOT",
    "INTEGER, 1.7, NOT",
    "INTEGER, 1.0, NOT",
    "INTEGER, 1e2, NOT",
    "INTEGER, -0, NOT",
    "BIGINT, 61.5, NOT",
    "BIGINT, 9223372036854775806, EXACT 9223372036854775806",
    "BIGINT, 9223372036854775807, NOT",
    "BIGINT, 9223372036854775808, NOT",
    "BIGINT, 92233720368547758079, NOT",
    "BIGINT, -9223372036854775807, EXACT -9223372036854775807",
    "BIGINT, -9223372036854775808, NOT",
    "BIGINT, 9007199254740993, EXACT 9007199254740993",
    "DOUBLE, 55, EXACT 55",
    "DOUBLE, 61.5, EXACT 61.5",
    "DOUBLE, -0, EXACT -0.0",
    "DOUBLE, 0.1234567890123456789012345, NOT",
    "DOUBLE, 9007199254740993, NOT",
    "DOUBLE, 1e400, NOT",
    "REAL, 2.5, EXACT 2.5",
    "REAL, 2.20000005, NOT",
    "REAL, 16777217, NOT",
    "REAL, 1e39, NOT",
  })
  void numbersFitOnlyWhenTheyComeBackUnchanged(CrateType.Kind kind, String text, String expected) {
    assertThat(number(CrateType.of(kind), text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 2, 1.10, 'EXACT \"1.10\"'",
    "10, 2, 1.100, 'EXACT \"1.100\"'",
    "10, 2, 1.005, NOT",
    "10, 2, 99999999.99, 'EXACT \"99999999.99\"'",
    "10, 2, 100000000, NOT",
    "10, 2, 1e3, 'EXACT \"1e3\"'",
    "10, 2, 1e-3, NOT",
    "10, 2, 1e99999999999, NOT",
    "38, 10, 1234567890123456789012345678.1234567891,"
        + " 'EXACT \"1234567890123456789012345678.1234567891\"'",
    "38, 0, 0.5, NOT",
    "38, -1, 5, NOT",
  })
  void numericsKeepEveryDigitOrDoNotFit(int precision, int scale, String text, String expected) {
    assertThat(number(CrateType.numeric(precision, scale), text)).isEqualTo(expected);
  }

  @Test
  void notANumberFitsDoublesOfDoubleColumnsOnly() {
    assertThat(text(CrateType.DOUBLE, DataType.DOUBLE, "NaN")).isEqualTo("EXACT \"NaN\"");
    assertThat(text(CrateType.DOUBLE, DataType.DOUBLE, "-Infinity"))
        .isEqualTo("EXACT \"-Infinity\"");
    assertThat(text(CrateType.DOUBLE, DataType.STRING, "NaN")).isEqualTo("NOT");
    assertThat(text(CrateType.DOUBLE, DataType.DOUBLE, "1e400")).isEqualTo("NOT");
    assertThat(text(CrateType.numeric(10, 2), DataType.DECIMAL, "NaN")).isEqualTo("NOT");
    assertThat(text(CrateType.numeric(10, 2), DataType.DECIMAL, "1.5")).isEqualTo("EXACT \"1.5\"");
    assertThat(text(CrateType.INTEGER, DataType.INT32, "12")).isEqualTo("NOT");
  }

  @Test
  void aRealOfTheSourceIsKeptBesideWhenItsTextWouldChange() {
    Column source = Column.of("v", DataType.FLOAT);
    assertThat(encode(CrateType.REAL, source, ValueKind.NUMBER, "2.20000005"))
        .isEqualTo("CUT 2.20000005");
    assertThat(encode(CrateType.DOUBLE, source, ValueKind.NUMBER, "2.20000005"))
        .isEqualTo("EXACT 2.20000005");
  }

  @Test
  void booleansAreTheSourcesOwnOnly() {
    Column source = Column.of("v", DataType.BOOLEAN);
    assertThat(encode(CrateType.BOOLEAN, source, ValueKind.BOOLEAN, "true"))
        .isEqualTo("EXACT true");
    assertThat(encode(CrateType.BOOLEAN, source, ValueKind.TEXT, "false")).isEqualTo("EXACT false");
    assertThat(encode(CrateType.BOOLEAN, source, ValueKind.NUMBER, "1")).isEqualTo("NOT");
    assertThat(encode(CrateType.BOOLEAN, source, ValueKind.TEXT, "t")).isEqualTo("NOT");
    assertThat(text(CrateType.BOOLEAN, DataType.STRING, "true")).isEqualTo("NOT");
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-01T00:00:00Z, EXACT 1704067200000",
    "2024-01-01T00:00:00.123Z, EXACT 1704067200123",
    "2024-01-01T00:00:00.123000Z, EXACT 1704067200123",
    "2024-01-01T00:00:00.123456Z, CUT 1704067200123",
    "2024-01-01T00:00:00.0000001Z, CUT 1704067200000",
    "2024-01-01 23:59:59, EXACT 1704153599000",
    "2024-01-01, EXACT 1704067200000",
    "1969-12-31T23:59:59.999Z, EXACT -1",
    "0001-01-01, EXACT -62135596800000",
    "9999-12-31T23:59:59.999Z, EXACT 253402300799999",
    "10000-01-01, NOT",
    "0000-01-01, NOT",
    "0044-03-15T12:00:00Z BC, NOT",
    "infinity, NOT",
    "2024-02-30, NOT",
    "2023-02-29, NOT",
    "2024-01-01T24:00:00Z, NOT",
    "2016-12-31T23:59:60Z, NOT",
    "2024-01-01T00:00:00+02, NOT",
    "2024-01-01T00:00:00.Z, NOT",
    "2024-1-1, NOT",
    "2024-01-01T00:00Z, NOT",
  })
  void momentsKeepTheirMicrosecondsBeside(String moment, String expected) {
    assertThat(text(CrateType.TIMESTAMP, DataType.TIMESTAMP, moment)).isEqualTo(expected);
  }

  @Test
  void keysDoNotTakeWhatWouldBeCut() {
    Column source = Column.of("v", DataType.TIMESTAMP);
    JsonBuffer out = new JsonBuffer(64);
    ValueEncoder key = ValueEncoders.key(CrateType.TIMESTAMP, source);
    assertThat(key.encode(out, row(ValueKind.TEXT, "2024-01-01T00:00:00.123456Z"), 0))
        .isEqualTo(NOT);
    assertThat(key.encode(out, row(ValueKind.TEXT, "2024-01-01T00:00:00.123Z"), 0))
        .isEqualTo(EXACT);
    assertThat(CUT).isNotEqualTo(EXACT);
  }

  @Test
  void textsFitByBytesAndCharacters() {
    String edge = "y".repeat(32_766);
    assertThat(text(CrateType.TEXT, DataType.STRING, edge)).startsWith("EXACT");
    assertThat(text(CrateType.TEXT, DataType.STRING, edge + "y")).isEqualTo("NOT");
    assertThat(text(CrateType.TEXT, DataType.STRING, "ü".repeat(16_384))).isEqualTo("NOT");
    assertThat(text(CrateType.LONG_TEXT, DataType.STRING, edge + "y")).startsWith("EXACT");
    CrateType two =
        new CrateType(CrateType.Kind.TEXT, 2, 0, false, CrateType.Policy.STRICT, Map.of(), null);
    assertThat(text(two, DataType.STRING, "ää")).isEqualTo("EXACT \"ää\"");
    assertThat(text(two, DataType.STRING, "abc")).isEqualTo("NOT");
    assertThat(number(CrateType.TEXT, "1.10")).isEqualTo("EXACT \"1.10\"");
  }

  @Test
  void uuidsFitInTheirCanonicalForm() {
    CrateType type = CrateType.of(CrateType.Kind.UUID);
    String uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    assertThat(text(type, DataType.STRING, uuid)).startsWith("EXACT");
    assertThat(text(type, DataType.STRING, uuid.toUpperCase(java.util.Locale.ROOT)))
        .isEqualTo("NOT");
    assertThat(text(type, DataType.STRING, uuid.replace('-', '0'))).isEqualTo("NOT");
  }

  @Test
  void paddedTextsFitWhenNothingIsPadded() {
    CrateType type =
        new CrateType(
            CrateType.Kind.CHARACTER, 3, 0, false, CrateType.Policy.STRICT, Map.of(), null);
    assertThat(text(type, DataType.STRING, "abc")).isEqualTo("EXACT \"abc\"");
    assertThat(text(type, DataType.STRING, "ab")).isEqualTo("NOT");
  }
}
