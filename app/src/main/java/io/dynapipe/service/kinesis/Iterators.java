package io.dynapipe.service.kinesis;

import io.dynapipe.service.aws.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;

/**
 * A place in a shard, as opaque text: it goes on behind record {@code after}, and lasts five
 * minutes, as with Kinesis.
 *
 * @param after 0 begins with the oldest record
 */
record Iterators(String stream, String shard, long after, long millis) {

  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final String SEPARATOR = "\n";

  String text() {
    String joined =
        String.join(SEPARATOR, stream, shard, Long.toString(after), Long.toString(millis));
    return Base64.getEncoder().encodeToString(joined.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws Fault when it is something else, or too old
   */
  static Iterators parse(String text, Clock clock) {
    try {
      String[] parts =
          new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8).split(SEPARATOR, -1);
      if (parts.length == 4) {
        Iterators place =
            new Iterators(parts[0], parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
        if (clock.millis() - place.millis() > LIFE.toMillis()) {
          throw Fault.of(
              "ExpiredIteratorException", "Iterator expired. An iterator lasts 5 minutes.");
        }
        return place;
      }
    } catch (IllegalArgumentException e) {
      // Falls through: not one of ours.
    }
    throw Fault.of("InvalidArgumentException", "Invalid ShardIterator.");
  }
}
