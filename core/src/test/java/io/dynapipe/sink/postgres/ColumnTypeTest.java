package io.dynapipe.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.sink.postgres.ColumnType.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ColumnTypeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "BOOLEAN|true|EXACT",
        "BOOLEAN|t|NONE",
        "BOOLEAN|1|NONE",
        "INT2|32767|EXACT",
        "INT2|32768|NONE",
        "INT4|-2147483648|EXACT",
        "INT4|1.0|NONE",
        "INT4|007|NONE",
        "INT4|+7|NONE",
        "INT4|-0|NONE",
        "INT4||NONE",
        "INT8|9223372036854775807|EXACT",
        "INT8|9223372036854775808|NONE",
        "NUMERIC|1.10|EXACT",
        "NUMERIC|1e5|EXACT",
        "NUMERIC|NaN|EXACT",
        "NUMERIC|Infinity|NONE",
        "NUMERIC|-0|NONE",
        "NUMERIC|abc|NONE",
        "FLOAT8|55|EXACT",
        "FLOAT8|0.1|EXACT",
        "FLOAT8|0.30000000000000004|EXACT",
        "FLOAT8|0.1000000000000000055|NEAR",
        "FLOAT8|0.10000000000000001|NEAR",
        "FLOAT8|5e-324|EXACT",
        "FLOAT8|4.9e-324|NEAR",
        "FLOAT8|5.684341886080801e-14|EXACT",
        "FLOAT8|1e23|NEAR",
        "FLOAT8|9.999999999999999e22|EXACT",
        "FLOAT8|1e400|NONE",
        "FLOAT8|1e-400|NONE",
        "FLOAT8|-0|EXACT",
        "FLOAT8|-Infinity|EXACT",
        "FLOAT8|Inf|NONE",
        "FLOAT8|0x1p3|NONE",
        "FLOAT8|1d|NONE",
        "FLOAT4|2.2|EXACT",
        "FLOAT4|2.20000005|NEAR",
        "FLOAT4|0.123456789|NEAR",
        "FLOAT4|1e39|NONE",
        "TEXT|anything|EXACT",
        "BYTEA|0x00ff|EXACT",
        "BYTEA|0x|EXACT",
        "BYTEA|0X00|NONE",
        "BYTEA|0x0|NONE",
        "BYTEA|00ff|NONE",
        "DATE|2024-02-29|EXACT",
        "DATE|2023-02-29|NONE",
        "DATE|0000-01-01|NONE",
        "DATE|infinity|EXACT",
        "DATE|Infinity|NONE",
        "TIME|23:59:59.123456|EXACT",
        "TIME|23:59:59.1234567|NEAR",
        "TIME|24:00:00|EXACT",
        "TIME|24:00:01|NONE",
        "TIME|12:00|NONE",
        "TIMESTAMP|2024-01-01T00:00:00Z|EXACT",
        "TIMESTAMP|2024-01-01T00:00:00.123456Z|EXACT",
        "TIMESTAMP|2024-01-01T00:00:00.1234560Z|EXACT",
        "TIMESTAMP|2024-01-01T00:00:00.1234567Z|NEAR",
        "TIMESTAMP|294276-12-31T23:59:59.999999Z|EXACT",
        "TIMESTAMP|294277-01-01T00:00:00Z|NONE",
        "TIMESTAMP|02024-01-01T00:00:00Z|NONE",
        "TIMESTAMP|2024-01-01T24:00:00Z|NONE",
        "TIMESTAMP|2016-12-31T23:59:60Z|NONE",
        "TIMESTAMP|2024-01-01T00:00:00|NONE",
        "TIMESTAMP|2024-01-01T00:00:00+00|NONE",
        "UUID|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|EXACT",
        "UUID|A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11|NONE",
        "JSON|{\"a\":1,\"a\":1}|EXACT",
        "JSON|\"\\u0000\"|EXACT",
        "JSON|{|NONE",
        "JSONB|{\"a\":1}|EXACT",
        "JSONB|{\"a\":1,\"a\":1}|NEAR",
        "JSONB|\"\\u0000\"|NONE",
        "OTHER|anything|EXACT",
      })
  void knowsWhatTheTypeDoesToAValue(Kind kind, String text, Fit fit) {
    assertThat(fit(ColumnType.of(kind, "type"), text == null ? "" : text)).isEqualTo(fit);
  }

  @Test
  void heedsDeclaredLengths() {
    ColumnType money = new ColumnType(Kind.NUMERIC, "numeric", 5, 2);
    assertThat(fit(money, "999.99")).isEqualTo(Fit.EXACT);
    assertThat(fit(money, "1.500")).isEqualTo(Fit.EXACT);
    assertThat(fit(money, "1.005")).isEqualTo(Fit.NONE);
    assertThat(fit(money, "1000")).isEqualTo(Fit.NONE);
    ColumnType text = new ColumnType(Kind.VARCHAR, "varchar", 2, -1);
    assertThat(fit(text, "😀😀")).isEqualTo(Fit.EXACT);
    assertThat(fit(text, "abc")).isEqualTo(Fit.NONE);
    ColumnType padded = new ColumnType(Kind.CHAR, "bpchar", 2, -1);
    assertThat(fit(padded, "a ")).isEqualTo(Fit.NONE);
    ColumnType millis = new ColumnType(Kind.TIMESTAMP, "timestamptz", 3, -1);
    assertThat(fit(millis, "2024-01-01T00:00:00.123000Z")).isEqualTo(Fit.EXACT);
    assertThat(fit(millis, "2024-01-01T00:00:00.1234Z")).isEqualTo(Fit.NEAR);
  }

  @Test
  void readsTypeModifiersOfTheCatalogue() {
    assertThat(ColumnTypes.ofCatalogue("numeric", "numeric", (10 << 16 | 2) + 4))
        .isEqualTo(new ColumnType(Kind.NUMERIC, "numeric", 10, 2));
    assertThat(ColumnTypes.ofCatalogue("numeric", "numeric", (3 << 16 | 0x7FD) + 4))
        .isEqualTo(new ColumnType(Kind.NUMERIC, "numeric", 3, -3));
    assertThat(ColumnTypes.ofCatalogue("varchar", "character varying", 44))
        .isEqualTo(new ColumnType(Kind.VARCHAR, "character varying", 40, -1));
    assertThat(ColumnTypes.ofCatalogue("tsvector", "tsvector", -1).kind()).isEqualTo(Kind.OTHER);
  }

  private static Fit fit(ColumnType type, String text) {
    Row row = new RowBuilder().begin(ColumnNames.of("a", "b")).addText("x").addText(text).build();
    return type.fit(row, 1);
  }
}
