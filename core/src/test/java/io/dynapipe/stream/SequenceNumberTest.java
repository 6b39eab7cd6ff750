package io.dynapipe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceNumberTest {

  @Test
  void isOrderedAsNumbersAndThenByPart() {
    List<SequenceNumber> ordered =
        Stream.of("0", "9", "9.1", "9.2", "9.10", "10", "49590338271490256608559692538361571095")
            .map(SequenceNumber::parse)
            .toList();

    assertThat(ordered.stream().sorted(Collections.reverseOrder()).sorted()).isEqualTo(ordered);
  }

  @Test
  void theTextOfAnyPartIsReadAgain() {
    assertThat(new SequenceNumber("7", 0)).hasToString("7").isEqualTo(SequenceNumber.of(7));
    assertThat(new SequenceNumber("7", 12)).hasToString("7.12");
    assertThat(SequenceNumber.parse("7.12")).isEqualTo(new SequenceNumber("7", 12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "01", "-1", "1.", "1.x", ".1", "1.01", "1.2.3", "1.99999999999"})
  void everythingElseIsRefused(String text) {
    assertThatThrownBy(() -> SequenceNumber.parse(text))
        .isInstanceOf(PipelineException.class)
        .hasMessage("'" + text + "' is not a sequence number");
  }
}
