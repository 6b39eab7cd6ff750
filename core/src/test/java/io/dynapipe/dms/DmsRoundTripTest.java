package io.dynapipe.dms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.dms.DmsSettings.MessageFormat;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.RowChange;
import io.dynapipe.json.JsonBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DmsRoundTripTest {

  private static final Partition ROWS =
      new Partition(PartitionType.PRIMARY_KEY, "public.f\"oo.1", "public.f\"oo.1");
  private static final Partition TABLES =
      new Partition(PartitionType.TASK_ID, "TASK", "TASK.public.foo");

  // Shared by all tries, so that what one event leaves behind would be seen in the next.
  private static final DmsEncoder ENCODER = new DmsEncoder(DmsSettings.defaults());
  private static final DmsEncoder FORMATTED =
      new DmsEncoder(DmsSettings.defaults().with(MessageFormat.JSON));
  private static final DmsDecoder DECODER = new DmsDecoder();

  @Property(tries = 1000)
  void everyEventComesBackAsItWent(@ForAll long seed) {
    ChangeEvent event = new RandomEvents(seed).event();
    byte[] message = ENCODER.encode(event, partition(event));
    assertThat(DECODER.decode(message, "here")).isEqualTo(event);
    assertThat(new String(message, UTF_8)).doesNotContain("\n", "\r");
  }

  @Property(tries = 300)
  void everyEventComesBackFromTheFormattedMessage(@ForAll long seed) {
    ChangeEvent event = new RandomEvents(seed).event();
    byte[] message = FORMATTED.encode(event, partition(event));
    assertThat(DECODER.decode(message, "here")).isEqualTo(event);
    assertThat(new String(message, UTF_8)).startsWith("{\n\t\"");
  }

  @Property(tries = 1000)
  void brokenRecordsAreRefusedAndNothingElse(@ForAll long seed) {
    Random random = new Random(seed);
    ChangeEvent event = new RandomEvents(seed).event();
    byte[] message = ENCODER.encode(event, partition(event));
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      message = mutated(message, random);
    }
    decodeOrRefuse(message);
  }

  @Property(tries = 1000)
  void anyBytesAreRefusedWithoutAnotherException(@ForAll byte[] bytes) {
    decodeOrRefuse(bytes);
  }

  /** What is accepted after all can be written and read again. */
  private void decodeOrRefuse(byte[] message) {
    ChangeEvent event;
    try {
      event = DECODER.decode(message, "shard 0, record 7");
    } catch (PipelineException refusal) {
      assertThat(refusal).hasMessageStartingWith("shard 0, record 7: ");
      assertThat(refusal.kind()).isEqualTo(PipelineException.Kind.PERMANENT);
      assertThat(refusal.cure()).isNotBlank();
      return;
    }
    byte[] again = ENCODER.encode(event, partition(event));
    assertThat(DECODER.decode(again, "again").table()).isEqualTo(event.table());
  }

  private static byte[] mutated(byte[] message, Random random) {
    int at = random.nextInt(message.length);
    JsonBuffer changed = new JsonBuffer(message.length + 64).raw(message, 0, at);
    switch (random.nextInt(4)) {
      case 0 -> changed.raw((char) random.nextInt(256)).raw(message, at, message.length - at);
      case 1 ->
          changed.raw((char) random.nextInt(256)).raw(message, at + 1, message.length - at - 1);
      case 2 -> {
        int until = Math.min(message.length, at + 1 + random.nextInt(10));
        changed.raw(message, until, message.length - until);
      }
      default -> {
        int length = Math.min(random.nextInt(30), message.length - at);
        changed.raw(message, at, length).raw(message, at, message.length - at);
      }
    }
    return changed.size() == 0 ? new byte[] {'{'} : changed.toBytes();
  }

  private static Partition partition(ChangeEvent event) {
    return event instanceof RowChange ? ROWS : TABLES;
  }
}
