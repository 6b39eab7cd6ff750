package io.dynapipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnTypesTest {

  @Test
  void readsWhatTheReferenceProcessorWrites() {
    assertThat(ColumnTypes.parse("{\"public:foo:attributes\": \"map\", \"s:Bar:a b\": \"map\"}"))
        .containsExactlyInAnyOrder("public.foo.attributes", "s.Bar.a b");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  ", "{}"})
  void isEmptyWhenNothingIsSaid(String text) {
    assertThat(ColumnTypes.parse(text)).isEmpty();
  }

  @Test
  void tellsAllProblemsAtOnce() {
    assertThatThrownBy(
            () -> ColumnTypes.parse("{\"foo\": \"map\", \"a:b:c\": \"list\", \"a::c\": {\"x\":1}}"))
        .isInstanceOf(PipelineException.class)
        .hasMessage(
            "COLUMN_TYPES: 'foo' is not schema:table:column; the type of 'a:b:c' is not \"map\";"
                + " 'a::c' is not schema:table:column; the type of 'a::c' is not \"map\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"public:foo:attributes", "[]", "{\"a:b:c\"", "{} {}"})
  void refusesWhatIsNoJsonObject(String text) {
    assertThatThrownBy(() -> ColumnTypes.parse(text))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(PipelineException.Kind.INPUT);
              assertThat(e.cure()).contains("public:orders:attributes");
            });
  }
}
