package io.dynapipe.service.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class PrometheusTextTest {

  @Test
  void keepsFamiliesTogetherAndEscapesLabels() {
    PrometheusText text = new PrometheusText();
    text.with(Map.of("task", "a\"b\\c\nd")).gauge("one", "first", 1.5);
    text.with(Map.of()).counter("two_total", "second", 7);
    text.gauge("one", "first", 2, "kind", "x");
    assertThat(text)
        .hasToString(
            """
            # HELP one first
            # TYPE one gauge
            one{task="a\\"b\\\\c\\nd"} 1.50000
            one{kind="x"} 2
            # HELP two_total second
            # TYPE two_total counter
            two_total 7
            """);
  }
}
