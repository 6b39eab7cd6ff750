package io.dynapipe.stream.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.error.PipelineException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KinesisOptionsTest {

  @Test
  void withoutParametersNothingIsMadeAndTheFormatIsThatOfDms() {
    KinesisOptions options = options("");

    assertThat(options)
        .isEqualTo(
            new KinesisOptions(
                false,
                null,
                new WriterOptions(false, 8, 32 << 20, 1, true, null),
                true,
                "quarantine",
                null));
  }

  @Test
  void everyParameterHasItsPlace() {
    KinesisOptions options =
        options(
            "?create=true&shards=4&aggregate=true&in_flight=3&buffer=64MiB&per_key=20&pace=off"
                + "&give_up=5m&trimmed=continue&oversize=split&application=app&fan_out=true&start=latest"
                + "&metrics=on&dynamodb_endpoint=http://localhost:8000");

    assertThat(options)
        .isEqualTo(
            new KinesisOptions(
                true,
                4,
                new WriterOptions(true, 3, 64 << 20, 20, false, Duration.ofMinutes(5)),
                false,
                "split",
                new WorkerOptions("app", true, true, true, URI.create("http://localhost:8000"))));
  }

  @Test
  void allProblemsAreToldTogether() {
    assertThatThrownBy(
            () ->
                options(
                    "?create=no&shards=4&in_flight=0&buffer=3&per_key=501&pace=maybe&give_up=3"
                        + "&trimmed=x&application=a&start=now&nonsense=1"))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> assertThat(e.kind()).isEqualTo(PipelineException.Kind.INPUT))
        .hasMessageContainingAll(
            "shards is only for",
            "in_flight: '0' is not a number from 1 to 256",
            "buffer: '3' is less than 1MiB",
            "per_key",
            "pace must be true or false",
            "give_up: '3' is not a duration",
            "trimmed must be one of",
            "application",
            "start must be one of",
            "'nonsense' is not known");
  }

  private static KinesisOptions options(String parameters) {
    return KinesisOptions.of(
        (KinesisUrl) StreamUrl.parse("kinesis://eu-central-1/name" + parameters));
  }
}
