package io.dynapipe.dms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The golden files of this package, and short ways to and from events. */
final class DmsSamples {

  private DmsSamples() {}

  /** The file's whole text. */
  static String text(String name) {
    try (InputStream in = DmsSamples.class.getResourceAsStream("/dms/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ChangeEvent decode(String json) {
    return new DmsDecoder().decode(json.getBytes(UTF_8), "here");
  }

  static String encode(ChangeEvent event, Partition partition) {
    return encode(event, partition, DmsSettings.defaults());
  }

  static String encode(ChangeEvent event, Partition partition, DmsSettings settings) {
    return new String(new DmsEncoder(settings).encode(event, partition), UTF_8);
  }

  /** What the decoder says about a record that it refuses. */
  static PipelineException refusal(byte[] record) {
    try {
      throw new AssertionError("accepted: " + new DmsDecoder().decode(record, "here"));
    } catch (PipelineException refusal) {
      return refusal;
    }
  }

  static PipelineException refusal(String json) {
    return refusal(json.getBytes(UTF_8));
  }
}
