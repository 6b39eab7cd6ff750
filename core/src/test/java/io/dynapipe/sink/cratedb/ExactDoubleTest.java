package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExactDoubleTest {

  private static boolean holds(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return ExactDouble.holds(text, NumberText.of(bytes, 0, bytes.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0.1",
        "0.30000000000000004",
        "123456789012345",
        "9007199254740992",
        "1.7976931348623157e308",
        "8.41E21",
        "2.0E-3",
        "100000000000000000000",
        "5.0E-324" // prints as 4.9E-324
      })
  void holdsWhatComesBack(String text) {
    boolean smallest = text.equals("5.0E-324");
    assertThat(holds(text)).isEqualTo(!smallest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.1234567890123456789012345",
        "9007199254740993",
        "92233720368547758079",
        "123456789012345678",
        "0.1000000000000000055",
        "0.10000000000000001",
        "1e400",
        "-1e400",
        "1e-400",
        "1e400000"
      })
  void refusesWhatWouldChange(String text) {
    assertThat(holds(text)).isFalse();
  }

  @Property
  void holdsNothingThatPrintsAsAnotherNumber(@ForAll double value, @ForAll short delta) {
    String text = new java.math.BigDecimal(Double.toString(finite(value))).toString();
    java.math.BigDecimal near =
        new java.math.BigDecimal(text).add(new java.math.BigDecimal(delta).movePointLeft(3));
    if (holds(near.toString())) {
      assertThat(new java.math.BigDecimal(Double.toString(near.doubleValue())))
          .satisfiesAnyOf(
              printed -> assertThat(printed).isEqualByComparingTo(near),
              // Before JDK 19 this JDK does not always print the shortest text.
              printed -> assertThat(near.precision()).isLessThanOrEqualTo(printed.precision()));
    }
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? value : 1.5;
  }
}
