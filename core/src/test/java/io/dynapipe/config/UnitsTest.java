package io.dynapipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "10s, PT10S",
    "5m, PT5M",
    "5min, PT5M",
    "24h, PT24H",
    "7d, PT168H",
    "1h30m, PT1H30M",
    " 10S , PT10S",
    "0s, PT0S"
  })
  void durationsRead(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-1s", "1.5h", "1 h", "1y", "1h 30m", "PT10S"})
  void otherTextIsNoDuration(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(PipelineException.class)
        .hasMessage("'" + text + "' is not a duration");
  }

  @ParameterizedTest
  @ValueSource(strings = {"999999999999999d", "106751991168d"})
  void durationsThatNoNumberHoldsAreRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .hasMessage("'" + text + "' is too long a duration");
  }

  @Property
  void durationsReadBackAsWritten(@ForAll @LongRange(min = 0) long millis) {
    Duration duration = Duration.ofMillis(millis);

    assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "10B, 10",
    "64KiB, 65536",
    "64MiB, 67108864",
    "1GiB, 1073741824",
    "2TiB, 2199023255552",
    "1KB, 1000",
    "5 MB, 5000000",
    "1gb, 1000000000",
    "3tb, 3000000000000"
  })
  void sizesRead(String text, long expected) {
    assertThat(ByteSizes.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "-1", "1.5GiB", "64M", "64Mi", "1 i", "1ib", "1PB", "0x10"})
  void otherTextIsNoSize(String text) {
    assertThatThrownBy(() -> ByteSizes.parse(text))
        .isInstanceOf(PipelineException.class)
        .hasMessage("'" + text + "' is not a size in bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9999999999999999999", "9999999TiB"})
  void sizesThatNoNumberHoldsAreRefused(String text) {
    assertThatThrownBy(() -> ByteSizes.parse(text)).hasMessage("'" + text + "' is too many bytes");
  }

  @Property
  void sizesReadBackAsWritten(@ForAll @LongRange(min = 0) long bytes) {
    assertThat(ByteSizes.parse(ByteSizes.format(bytes))).isEqualTo(bytes);
  }

  @Property
  void roundSizesReadBackAsWritten(@ForAll @LongRange(min = 0, max = 8_000_000) long units) {
    assertThat(ByteSizes.parse(ByteSizes.format(units << 20))).isEqualTo(units << 20);
  }
}
