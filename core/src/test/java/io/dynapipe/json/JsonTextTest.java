package io.dynapipe.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        " null ",
        "true",
        "-0",
        "1e400000",
        "\"\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "{\"a\":1,\"a\":2}",
        "\n{\"a\": [1, {\"b\": null}]}\t",
        "\"ä€😀\"",
        "0.10"
      })
  void takesJson(String text) {
    assertThat(JsonText.isValid(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "01",
        "+1",
        ".5",
        "1.",
        "NaN",
        "Infinity",
        "'a'",
        "{a:1}",
        "nul",
        "truex",
        "1 2",
        "{} {}",
        "\"a",
        "\"\\x\"",
        "\"a\nb\"",
        "1\u0000",
        "\u0000",
        "[1}",
        "\"\\u00g0\"",
        "// c\n1",
        "\uFEFF1",
        "1x",
        "-",
        "[1 2]"
      })
  void refusesWhatIsNotJson(String text) {
    assertThat(JsonText.isValid(text)).isFalse();
  }

  @Test
  void hasNoLimitOfItsOwn() {
    assertThat(JsonText.isValid("[".repeat(50_000) + "]".repeat(50_000))).isTrue();
    assertThat(JsonText.isValid("9".repeat(200_000))).isTrue();
    assertThat(JsonText.isValid("{\"" + "n".repeat(100_000) + "\":1}")).isTrue();
  }
}
