package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server's text of a value, and what it becomes. */
final class ValueRendererTest {

  @ParameterizedTest
  @CsvSource({
    "INTEGER, -5, NUMBER, -5",
    "NUMBER, 1.50, NUMBER, 1.50",
    "NUMBER, 1e+20, NUMBER, 1e+20",
    "NUMBER, NaN, TEXT, NaN",
    "NUMBER, -Infinity, TEXT, -Infinity",
    "BOOLEAN, t, BOOLEAN, true",
    "BOOLEAN, f, BOOLEAN, false",
    "BLANK_TRIMMED, 'a b  ', TEXT, a b",
    "BLANK_TRIMMED, '   ', TEXT, ''",
    "TIMESTAMP, 2010-11-01 00:02:00, TEXT, 2010-11-01T00:02:00Z",
    "TIMESTAMP, 2010-11-01 00:02:00.1, TEXT, 2010-11-01T00:02:00.100000Z",
    "TIMESTAMP, 12345-11-01 00:02:00.000001, TEXT, 12345-11-01T00:02:00.000001Z",
    "TIMESTAMP, 0044-03-15 12:00:00 BC, TEXT, 0044-03-15 12:00:00 BC",
    "TIMESTAMP, infinity, TEXT, infinity",
    "TIMESTAMPTZ, 2010-11-01 00:02:00.25+00, TEXT, 2010-11-01T00:02:00.250000Z",
    "TIMESTAMPTZ, 2010-11-01 00:02:00+05:30, TEXT, 2010-11-01 00:02:00+05:30",
    "TIMESTAMPTZ, 0044-03-15 12:00:00+00 BC, TEXT, 0044-03-15 12:00:00+00 BC",
    "TIMESTAMPTZ, -infinity, TEXT, -infinity",
    "BYTEA, \\x, TEXT, 0x",
    "BYTEA, \\x00ff, TEXT, 0x00ff",
    "TEXT, t, TEXT, t",
  })
  void rendersTextAsCanonicalValue(ValueFormat format, String text, String kind, String expected) {
    Row row = render(format, text);
    assertThat(row.kind(0)).hasToString(kind);
    assertThat(row.text(0)).isEqualTo(expected);
  }

  @Property
  void everyTimestampHasSixDigitsOrNone(
      @ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long second,
      @ForAll @IntRange(max = 999_999) int microsecond) {
    LocalDateTime micros = LocalDateTime.ofEpochSecond(second, microsecond * 1_000, ZoneOffset.UTC);
    String seconds = micros.truncatedTo(ChronoUnit.SECONDS).toString();
    String whole = seconds.length() == "2010-11-01T00:02".length() ? seconds + ":00" : seconds;
    String digits = String.format("%06d", microsecond);
    String fraction = microsecond == 0 ? "" : "." + digits.replaceFirst("0+$", "");
    Row row = render(ValueFormat.TIMESTAMP, whole.replace('T', ' ') + fraction);
    assertThat(row.text(0)).isEqualTo(whole + (fraction.isEmpty() ? "" : "." + digits) + "Z");
  }

  private static Row render(ValueFormat format, String text) {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    RowBuilder row = new RowBuilder().begin(ColumnNames.of("c"));
    ValueRenderer.render(format, bytes, 1, bytes.length - 2, row);
    return row.build();
  }
}
