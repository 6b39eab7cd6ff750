package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CanonicalRowTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "DOUBLE|55|55.0|",
        "DOUBLE|\"NaN\"|\"NaN\"|",
        "DOUBLE|1e+20|100000000000000000000|",
        "DECIMAL|1.10|\"1.1\"|",
        "DECIMAL|123456789012345678901|1.2e20|123456789012345678901",
        "DOUBLE|-0|0|-0",
        "BOOLEAN|true|\"true\"|",
        "STRING|55|\"55\"|",
        "TIMESTAMP|\"2024-01-01T00:00:00.100000Z\"|\"2024-01-01T00:00:00.1Z\"|",
        "TIMESTAMP|\"2024-01-01T00:00:00Z\"|\"2024-01-01T00:00:00.000Z\"|",
      },
      delimiter = '|')
  void takesTheSameValueInAnotherSpelling(DataType type, String sent, String data, String aux) {
    assertThat(read(type, null, data, aux)).isEqualTo(sent(type, null, sent));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "DOUBLE|61.5|61|",
        "DOUBLE|-0|0|",
        "BOOLEAN|1|true|",
        "BOOLEAN|\"t\"|true|",
        "STRING|\"{}\"|{}|",
        "STRING|\"[1]\"|[1]|",
        "STRING|\"1\"|\"01\"|",
        "STRING|\"\"|null|",
        "FLOAT|2.20000005|2.2|",
        "TIMESTAMP|\"2024-01-01T00:00:00.123456Z\"|\"2024-01-01T00:00:00.123Z\"|",
      },
      delimiter = '|')
  void tellsAChangedValue(DataType type, String sent, String data, String aux) {
    assertThat(read(type, null, data, aux)).isNotEqualTo(sent(type, null, sent));
  }

  @Test
  void tellsADocumentNullFromSqlNull() {
    assertThat(read(DataType.STRING, "jsonb", "null", null)).isEqualTo("{}");
    assertThat(read(DataType.STRING, "jsonb", "null", "null"))
        .isEqualTo(sent(DataType.STRING, "jsonb", "\"null\""))
        .isEqualTo("{\"v\":null}");
  }

  @Test
  void comparesDocumentsByTheirContent() {
    String sent = sent(DataType.STRING, "jsonb", "\"{\\\"b\\\": [1.0, {}], \\\"a\\\": null}\"");

    assertThat(read(DataType.STRING, "jsonb", "{\"a\":null,\"b\":[1,{}]}", null)).isEqualTo(sent);
    assertThat(read(DataType.STRING, "jsonb", "{\"b\":[1,{}]}", null)).isNotEqualTo(sent);
    assertThat(read(DataType.STRING, "jsonb", "{\"a\":null,\"b\":[{},1]}", null))
        .isNotEqualTo(sent);
  }

  /** The value goes in as the row's kind that its JSON says. */
  private static String sent(DataType type, String sourceType, String json) {
    Object tree = JsonTree.parse(json);
    Object value = tree instanceof String || tree instanceof Boolean ? tree : new Spelling(json);
    TestTable table = table(type, sourceType);
    return CanonicalRow.sent(table.schema(), table.row(value));
  }

  private static String read(DataType type, String sourceType, String data, String aux) {
    return CanonicalRow.read(
        table(type, sourceType).schema(),
        "{\"v\":" + data + "}",
        aux == null ? null : "{\"v\":\"" + aux + "\"}");
  }

  private static TestTable table(DataType type, String sourceType) {
    return TestTable.of("t", List.of(), TestTable.column("v", type, sourceType));
  }
}
