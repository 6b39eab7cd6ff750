package io.dynapipe.dms;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.ChangeEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden files: {@code >} a message, {@code =} what the event holds, {@code <} the message that
 * is written for that event when it is not the same as the one read.
 */
class DmsGoldenTest {

  private static final Pattern PARTITION =
      Pattern.compile(
          "\"partition-key-type\":\"([a-z-]+)\"(?:,\"partition-key-value\":\"([^\"]*)\")?");

  /** One message of a golden file. */
  record Sample(String message, List<String> event, String written) {

    @Override
    public String toString() {
      return message;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "load",
        "insert",
        "update",
        "key-change",
        "delete",
        "table-operations",
        "awsdms",
        "foreign"
      })
  void messagesBecomeEventsAndEventsMessages(String topic) {
    List<Sample> samples = samples(topic + ".txt");
    assertThat(samples).isNotEmpty();
    for (Sample sample : samples) {
      ChangeEvent event = DmsSamples.decode(sample.message());
      assertThat(EventText.of(event)).as(sample.message()).isEqualTo(sample.event());
      assertThat(DmsSamples.encode(event, partition(sample.message()))).isEqualTo(sample.written());
    }
  }

  @ParameterizedTest
  @MethodSource("foreignSamples")
  void whatIsWrittenForAForeignMessageHoldsTheSameEvent(Sample sample) {
    assertThat(DmsSamples.decode(sample.written())).isEqualTo(DmsSamples.decode(sample.message()));
  }

  static List<Sample> foreignSamples() {
    return samples("foreign.txt");
  }

  private static Partition partition(String message) {
    Matcher matcher = PARTITION.matcher(message);
    assertThat(matcher.find()).as(message).isTrue();
    for (PartitionType type : PartitionType.values()) {
      if (type.wireName().equals(matcher.group(1))) {
        return new Partition(type, matcher.group(2), "any");
      }
    }
    throw new AssertionError(message);
  }

  private static List<Sample> samples(String file) {
    List<Sample> samples = new ArrayList<>();
    String message = "";
    String written = "";
    List<String> event = List.of();
    for (String line : (DmsSamples.text(file) + "> ").split("\n", -1)) {
      if (line.startsWith("> ")) {
        if (!message.isEmpty()) {
          samples.add(new Sample(message, event, written));
        }
        message = line.substring(2);
        written = message;
        event = new ArrayList<>();
      } else if (line.startsWith("< ")) {
        written = line.substring(2);
      } else if (line.startsWith("= ")) {
        event.add(line);
      }
    }
    return samples;
  }
}
