package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NumberTextTest {

  private static NumberText measure(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return NumberText.of(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @CsvSource({
    "0, false, false, 0, 0, 0",
    "-0, true, false, 0, 0, 0",
    "0.00, false, false, 0, 0, 0",
    "42, false, false, 2, 0, 2",
    "-100, true, false, 3, 0, 1",
    "1.10, false, false, 1, 1, 2",
    "0.001, false, false, 0, 3, 1",
    "100.00100, false, false, 3, 3, 6",
    "007.5, false, false, 1, 1, 2",
    "1e5, false, true, 1, 0, 1",
    "-1.50E-10, true, true, 1, 1, 2",
    "9e+20, false, true, 1, 0, 1",
  })
  void measuresNumbers(
      String text,
      boolean negative,
      boolean exponent,
      int integerDigits,
      int fractionDigits,
      int significant) {
    assertThat(measure(text))
        .isEqualTo(new NumberText(negative, exponent, integerDigits, fractionDigits, significant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", ".", ".5", "5.", "1.2.3", "1e", "1e+", "1e5x", "e5", "NaN", "0x1f", "+1"})
  void refusesWhatIsNoNumber(String text) {
    assertThat(measure(text)).isNull();
  }

  @Property
  void agreesWithBigDecimal(@ForAll BigDecimal number) {
    BigDecimal plain = number.stripTrailingZeros();
    NumberText measured = measure(number.toPlainString());

    assertThat(measured.fractionDigits()).isEqualTo(Math.max(plain.scale(), 0));
    assertThat(measured.negative()).isEqualTo(number.signum() < 0);
    assertThat(measured.significant()).isEqualTo(number.signum() == 0 ? 0 : plain.precision());
  }
}
