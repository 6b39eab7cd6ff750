package io.dynapipe.mapping.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NamePatternTest {

  @ParameterizedTest
  @CsvSource({
    "%, anything, true",
    "%, '', true",
    "DMS%, DMS_1, true",
    "DMS%, dms_1, false",
    "a_c, abc, true",
    "a_c, a\uD83D\uDE00c, true",
    "a_c, ac, false",
    "a[_]c, a_c, true",
    "a[_]c, abc, false",
    "100[%], 100%, true",
    "100[%], 1000, false",
    "t[ab], ta, true",
    "t[ab], tc, false",
    "t[a-d], tc, true",
    "t[a-d], te, false",
    "t[a-d], t-, false",
    "t[-a], t-, true",
    "x[[], x[, true",
    "a.c, abc, false",
    "a\\d, a1, false",
    "größe%, größen, true",
    "[\uD83D\uDE00]x, \uD83D\uDE00x, true",
  })
  void matchesAsTheGuideSays(String pattern, String name, boolean matches) {
    assertThat(NamePattern.parse(pattern).matches(name)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a[", "a[]", "a[b", "[d-a]"})
  void refusesABrokenSet(String pattern) {
    assertThatThrownBy(() -> NamePattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(pattern);
  }

  @Test
  void takesEveryCharacterAsItIsWhenExact() {
    assertThat(NamePattern.exactly("a_%[b").matches("a_%[b")).isTrue();
    assertThat(NamePattern.exactly("a_").matches("ab")).isFalse();
  }

  @Test
  void countsAnUnderscoreAsExactWhereDmsAsksForANameButNotAsLiteral() {
    NamePattern name = NamePattern.parse("my_table[_]x");

    assertThat(name.isExact()).isTrue();
    assertThat(name.isLiteral()).isFalse();
    assertThat(name.exactName()).isEqualTo("my_table_x");
    assertThat(NamePattern.parse("my%").isExact()).isFalse();
    assertThat(NamePattern.parse("t[ab]").isExact()).isFalse();
  }
}
