package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LayoutTest {

  @ParameterizedTest
  @EnumSource
  void readsItsOwnName(Layout layout) {
    assertThat(Layout.parse(layout.toString())).isEqualTo(layout);
  }

  @Test
  void refusesAnotherName() {
    assertThatThrownBy(() -> Layout.parse("rows"))
        .isInstanceOf(PipelineException.class)
        .hasMessage("'rows' is not a layout");
  }
}
