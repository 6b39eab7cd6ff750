package io.dynapipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamUrlTest {

  @Test
  void anEmbeddedStreamHasItsSettings() {
    assertThat(StreamUrl.parse("embedded:?shards=4&retention=24h&max_bytes=2GiB"))
        .isEqualTo(new EmbeddedStreamUrl(4, Duration.ofDays(1), 2L << 30));
    assertThat(StreamUrl.parse("embedded:")).isEqualTo(new EmbeddedStreamUrl(null, null, null));
  }

  @Test
  void aKinesisStreamIsNamedByRegionAndName() {
    assertThat(
            StreamUrl.parse(
                "kinesis://eu-central-1/my.stream?endpoint=http://localhost:4567&create=2"))
        .isEqualTo(
            new KinesisUrl(
                "eu-central-1",
                "my.stream",
                null,
                URI.create("http://localhost:4567"),
                Map.of("create", "2")));
  }

  @Test
  void aKinesisStreamIsNamedByItsArn() {
    String arn = "arn:aws:kinesis:us-gov-west-1:831394476016:stream/testdrive";

    assertThat(StreamUrl.parse("kinesis+dms:///" + arn))
        .isEqualTo(new KinesisUrl("us-gov-west-1", "testdrive", arn, null, Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embedded:",
        "embedded:?shards=4&retention=1d&max_bytes=64GiB",
        "embedded:?max_record_bytes=16MiB",
        "kinesis://eu-central-1/s?endpoint=http%3A%2F%2Flocalhost%3A4567&create=y",
        "kinesis:///arn:aws:kinesis:eu-central-1:831394476016:stream/s",
      })
  void theTextOfAStreamReadsBackAsTheSame(String text) {
    assertThat(StreamUrl.parse(text)).hasToString(text);
    assertThat(StreamUrl.parse(StreamUrl.parse(text).toString())).isEqualTo(StreamUrl.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embedded:x | nothing but parameters may follow 'embedded:'",
        "embedded:?shards=0&retention=24&max_bytes=big&shard=1"
            + " | shards: '0' is not a number from 1 to 256; retention: '24' is not a duration;"
            + " max_bytes: 'big' is not a size in bytes; parameter 'shard' is not known; known are"
            + " max_bytes, max_record_bytes, retention, shards",
        "kafka | it must begin with embedded:, kinesis:// or kinesis+dms://",
        "kafka://x | 'kafka://' is not known here; it can begin with kinesis://, kinesis+dms://",
        "kinesis://AKIA:secret@eu-central-1/s"
            + " | AWS credentials do not belong into a URL; give them the AWS way",
        "kinesis://europe/a%20b?endpoint=localhost"
            + " | endpoint: it must be like http://localhost:4567; the region is not one of AWS's,"
            + " such as eu-central-1; the stream's name must be 1 to 128 letters, digits, '_', '.'"
            + " or '-'",
        "kinesis:///arn:aws:sqs:eu-central-1:1:q" + " | the ARN is not that of a Kinesis stream",
        "kinesis://eu-central-1/arn:aws:kinesis:eu-central-1:831394476016:stream/s"
            + " | the ARN names the region, so nothing may stand before it",
      })
  void badUrlsAreRefusedWithAllProblems(String text, String problems) {
    assertThatThrownBy(() -> StreamUrl.parse(text)).hasMessage("stream URL: " + problems);
  }
}
