package io.dynapipe.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonbTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{}",
        "[]",
        "0",
        "-1",
        "-0.5",
        "1.10",
        "1e131071",
        "1e-16383",
        "-1E+5",
        "\"\"",
        "{\"a\":{\"b\":1},\"b\":[{\"a\":1},{\"a\":2}]}",
        "\"\\ud83d\\ude00\"",
        "\"\\\\u0000\"",
        "\"\\\\ud800\"",
        "\"-0\"",
        " [1] ",
        "\"\\u00e4\""
      })
  void knowsWhatJsonbKeeps(String text) {
    assertThat(of(text, false)).isIn(JsonbText.EXACT, JsonbText.RESPELLED);
    assertThat(of(text, true)).isEqualTo(JsonbText.EXACT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"a\":1}", " [1]", "{\"bb\": 1, \"a\": 2}", "1e2", "\"\\u00e4\"", "[1,2]"})
  void knowsWhichTextsJsonbSpellsAnew(String text) {
    assertThat(of(text, false)).isEqualTo(JsonbText.RESPELLED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\": 1, \"bb\": [1, 2.5]}", "[]", "null", "\"ä\""})
  void knowsWhichTextsAreSpelledAsJsonbSpellsThem(String text) {
    assertThat(of(text, false)).isEqualTo(JsonbText.EXACT);
  }

  @Test
  void readsTextsOfAnyDepth() {
    assertThat(of("[".repeat(900) + "]".repeat(900), false)).isEqualTo(JsonbText.EXACT);
    assertThat(of("[".repeat(99_000) + "]".repeat(99_000), false)).isEqualTo(JsonbText.RESPELLED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0", "[-0.0]", "{\"a\":-0e5}", "-0.00"})
  void knowsThatJsonbHasNoNegativeZero(String text) {
    assertThat(of(text, true)).isEqualTo(JsonbText.CHANGED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1,\"a\":1}", "[{\"b\":{\"a\":1,\"\\u0061\":2}}]"})
  void knowsThatJsonbForgetsTheFirstOfTwoMembers(String text) {
    assertThat(of(text, false)).isEqualTo(JsonbText.CHANGED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\u0000\"", "{\"a\\u0000\":1}", "\"\\ud800\"", "\"\\ud800x\"", "\"\\ude00\"",
        "\"\\ud83d\\ud83d\"", "1e131072", "[1e-16384]", "1e999999999", "\"\\ud83d\\n\""
      })
  void knowsWhatJsonbRefuses(String text) {
    assertThat(of(text, false)).isEqualTo(JsonbText.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1", "nul", "{} {}", "{\"a\":1,}", "'a'", "NaN", "01", "[1}"})
  void knowsWhatIsNotJson(String text) {
    assertThat(of(text, false)).isEqualTo(JsonbText.NOT_JSON);
    assertThat(of(text, true)).isEqualTo(JsonbText.NOT_JSON);
  }

  @Test
  void takesNumbersOfAnyLength() {
    assertThat(of("9".repeat(131_072), true)).isEqualTo(JsonbText.EXACT);
    assertThat(of("9".repeat(131_073), true)).isEqualTo(JsonbText.REFUSED);
    assertThat(of("0." + "9".repeat(16_383), true)).isEqualTo(JsonbText.EXACT);
    assertThat(of("0." + "9".repeat(16_384), true)).isEqualTo(JsonbText.REFUSED);
  }

  private static JsonbText of(String text, boolean fromJsonb) {
    byte[] utf8 = ("x" + text + "y").getBytes(StandardCharsets.UTF_8);
    return JsonbText.of(utf8, 1, utf8.length - 2, fromJsonb);
  }
}
