package io.dynapipe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class AggregatedTest {

  @Property(tries = 200)
  void whatIsFramedComesOutAsItWentIn(
      @ForAll @Size(max = 20) List<@StringLength(min = 1, max = 256) String> keys,
      @ForAll @Size(max = 20) List<byte[]> payloads) {
    List<StreamRecord> records = new ArrayList<>();
    for (int i = 0; i < Math.min(keys.size(), payloads.size()); i++) {
      records.add(new StreamRecord(wellFormed(keys.get(i)), payloads.get(i)));
    }

    byte[] framed = Aggregated.frame(records, "17");

    assertThat(Aggregated.isAggregated(framed)).isTrue();
    assertThat(Aggregated.records(stored(framed)).stream().map(AggregatedTest::text))
        .containsExactlyElementsOf(
            records.stream().map(r -> text("shard", r.partitionKey(), r.data())).toList());
  }

  /** Made by hand after the format's description, with tags, which we do not write. */
  @Test
  void readsWhatTheProducerLibraryWrites() throws Exception {
    byte[] message =
        HexFormat.of()
            .parseHex(
                "0a0161"
                    + "0a026262"
                    + "120139"
                    + "1a0d"
                    + "0800"
                    + "1000"
                    + "1a0178"
                    + "22040a027467"
                    + "1a06"
                    + "0801"
                    + "1a02797a");
    byte[] framed = framed(message);

    assertThat(Aggregated.records(stored(framed)).stream().map(AggregatedTest::text))
        .containsExactly("shard a 78", "shard bb 797a");
    assertThat(Aggregated.records(stored(framed)).stream().map(StoredRecord::sequenceNumber))
        .map(SequenceNumber::toString)
        .containsExactly("5", "5.1");
  }

  @Test
  void recordsThatOnlyLookAggregatedStayWhole() throws Exception {
    byte[] framed = Aggregated.frame(List.of(new StreamRecord("k", new byte[] {1})), "0");
    byte[] wrongDigest = framed.clone();
    wrongDigest[wrongDigest.length - 1] ^= 1;
    byte[] notAMessage = framed(new byte[] {0x1a, 0x7f});
    byte[] keyMissing = framed(HexFormat.of().parseHex("1a05" + "0803" + "1a0178"));

    for (byte[] data : List.of(wrongDigest, notAMessage, keyMissing, new byte[0], new byte[5])) {
      assertThat(Aggregated.records(stored(data))).containsExactly(stored(data));
    }
  }

  @Test
  void theOverheadIsNeverUnderestimated() {
    List<StreamRecord> records = new ArrayList<>();
    int bytes = Aggregated.FRAME_OVERHEAD;
    for (int i = 0; i < 400; i++) {
      StreamRecord record = new StreamRecord("key-" + i, new byte[i * 100]);
      records.add(record);
      bytes += record.byteSize() + Aggregated.RECORD_OVERHEAD;
    }

    assertThat(Aggregated.frame(records, "340282366920938463463374607431768211455"))
        .hasSizeLessThan(bytes);
  }

  private static byte[] framed(byte[] message) throws Exception {
    byte[] digest = MessageDigest.getInstance("MD5").digest(message);
    byte[] framed = new byte[4 + message.length + digest.length];
    System.arraycopy(HexFormat.of().parseHex("f3899ac2"), 0, framed, 0, 4);
    System.arraycopy(message, 0, framed, 4, message.length);
    System.arraycopy(digest, 0, framed, 4 + message.length, digest.length);
    return framed;
  }

  /** Lone surrogates are not text; no partition key has them. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static StoredRecord stored(byte[] data) {
    return new StoredRecord("shard", SequenceNumber.of(5), "outer", data, 7);
  }

  private static String text(StoredRecord record) {
    assertThat(record.sequenceNumber().digits()).isEqualTo("5");
    return text(record.shard(), record.partitionKey(), record.data());
  }

  private static String text(String shard, String key, byte[] data) {
    return shard + " " + key + " " + HexFormat.of().formatHex(data);
  }
}
