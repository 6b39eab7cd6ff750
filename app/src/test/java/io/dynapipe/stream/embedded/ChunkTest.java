package io.dynapipe.stream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.embedded.ChunkCursor.DamagedChunkException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChunkTest {

  @Property
  void recordsReadBackAsWritten(@ForAll("records") @Size(min = 1) List<StreamRecord> records)
      throws Exception {
    Chunk chunk = Chunk.encode(records);
    ChunkCursor cursor = cursor(chunk, chunk.payload());
    cursor.open(chunk.checksum());
    for (int i = 0; i < records.size(); i++) {
      assertThat(cursor.nextSequence()).isEqualTo(100 + i);
      StoredRecord record = cursor.next();
      assertThat(record.sequenceNumber().digits()).isEqualTo(Integer.toString(100 + i));
      assertThat(record.partitionKey()).isEqualTo(records.get(i).partitionKey());
      assertThat(record.data()).isEqualTo(records.get(i).data());
    }
    assertThat(cursor.hasNext()).isFalse();
  }

  @Property
  void aChangedByteIsFound(
      @ForAll("records") @Size(min = 1) List<StreamRecord> records,
      @ForAll @IntRange(min = 0) int place,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    Chunk chunk = Chunk.encode(records);
    byte[] damaged = chunk.payload().clone();
    damaged[place % damaged.length] ^= (byte) change;

    assertThatThrownBy(() -> cursor(chunk, damaged).open(chunk.checksum()))
        .isInstanceOf(DamagedChunkException.class);
  }

  /** Whatever the bytes: an end or an error, and no record that reaches over the end. */
  @Property
  void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
    byte[] payload = new byte[bytes.length + 1];
    System.arraycopy(bytes, 0, payload, 1, bytes.length);
    payload[0] = Chunk.VERSION;
    ChunkCursor cursor = new ChunkCursor("s", 1, 1000, 0, payload);
    List<StoredRecord> records = new ArrayList<>();
    try {
      cursor.open(Chunk.checksum(payload));
      while (cursor.hasNext()) {
        records.add(cursor.next());
      }
    } catch (DamagedChunkException e) {
      assertThat(records).hasSizeLessThan(1000);
    }
  }

  @Test
  void anUnknownVersionIsRefused() {
    byte[] payload = {2};

    assertThatThrownBy(() -> new ChunkCursor("s", 1, 1, 0, payload).open(Chunk.checksum(payload)))
        .hasMessage("a chunk has the unknown version 2");
    assertThatThrownBy(() -> new ChunkCursor("s", 1, 1, 0, new byte[0]).open(0))
        .isInstanceOf(DamagedChunkException.class);
  }

  @Test
  void lengthsOfOneToThreeBytesAreRead() throws Exception {
    for (int length : new int[] {0, 127, 128, 16383, 16384, 100_000}) {
      byte[] data = new byte[length];
      Arrays.fill(data, (byte) 7);
      Chunk chunk = Chunk.encode(List.of(new StreamRecord("k", data)));
      ChunkCursor cursor = cursor(chunk, chunk.payload());
      cursor.open(chunk.checksum());

      assertThat(cursor.nextBytes()).isEqualTo(length + 1);
      assertThat(cursor.next().data()).isEqualTo(data);
    }
  }

  private static ChunkCursor cursor(Chunk chunk, byte[] payload) {
    return new ChunkCursor("s", 100, 100 + chunk.records() - 1, 0, payload);
  }

  @Provide
  Arbitrary<List<StreamRecord>> records() {
    Arbitrary<String> keys =
        Arbitraries.strings().ascii().withChars("äß€").ofMinLength(1).ofMaxLength(200);
    Arbitrary<byte[]> data = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    return Combinators.combine(keys, data).as(StreamRecord::new).list().ofMaxSize(20);
  }
}
