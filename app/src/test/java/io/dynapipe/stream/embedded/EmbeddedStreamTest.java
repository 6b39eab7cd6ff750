package io.dynapipe.stream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.embedded.EmbeddedStore.Access;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedStreamTest {

  private static final EmbeddedStreamUrl DEFAULTS = new EmbeddedStreamUrl(null, null, null);
  private static final String SHARD = "shardId-000000000000";

  @TempDir Path directory;
  private EmbeddedStore store;

  @BeforeEach
  void open() {
    store = EmbeddedStore.open(directory, Access.OWNER);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void recordsAreReadBackInOrderWithContiguousNumbers() throws Exception {
    EmbeddedStream stream = store.stream("s", DEFAULTS);
    try (RecordWriter writer = stream.writer();
        RecordReader reader = stream.reader()) {
      writer.write(batch("a", 3)).join();
      writer.write(List.of(record("schlüssel €", "ö"))).join();
      writer.write(List.of(new StreamRecord("k", new byte[0]))).join();

      List<StoredRecord> records = reader.read(SHARD, null, 100, 1 << 20, Duration.ZERO);

      assertThat(records).extracting(r -> r.sequenceNumber().digits()).isEqualTo(numbers(1, 5));
      assertThat(records)
          .extracting(StoredRecord::partitionKey)
          .containsExactly("a", "a", "a", "schlüssel €", "k");
      assertThat(records)
          .extracting(EmbeddedStreamTest::text)
          .containsExactly("0", "1", "2", "ö", "");
      assertThat(records).allMatch(r -> r.shard().equals(SHARD) && r.arrivalMillis() > 0);
    }
  }

  @Test
  void readingGoesOnBehindAnyRecord() throws Exception {
    EmbeddedStream stream = store.stream("s", DEFAULTS);
    try (RecordWriter writer = stream.writer();
        RecordReader reader = stream.reader()) {
      writer.write(batch("k", 10)).join();
      writer.write(batch("k", 10)).join();

      for (int after = 1; after < 20; after++) {
        List<StoredRecord> records =
            reader.read(SHARD, SequenceNumber.of(after), 7, 1 << 20, Duration.ZERO);
        assertThat(records)
            .extracting(r -> r.sequenceNumber().digits())
            .isEqualTo(numbers(after + 1, Math.min(20, after + 7)).subList(0, records.size()))
            .isNotEmpty();
      }
      assertThat(reader.read(SHARD, SequenceNumber.of(20), 7, 1 << 20, Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void anAnswerStopsAtItsBytesButHoldsAtLeastOneRecord() throws Exception {
    EmbeddedStream stream = store.stream("s", DEFAULTS);
    try (RecordWriter writer = stream.writer();
        RecordReader reader = stream.reader()) {
      writer
          .write(List.of(new StreamRecord("k", new byte[999]), new StreamRecord("k", new byte[99])))
          .join();
      writer.write(List.of(new StreamRecord("k", new byte[99]))).join();

      assertThat(reader.read(SHARD, null, 100, 10, Duration.ZERO)).hasSize(1);
      assertThat(reader.read(SHARD, null, 100, 1100, Duration.ZERO)).hasSize(2);
      assertThat(reader.read(SHARD, null, 100, 1099, Duration.ZERO)).hasSize(1);
      assertThat(reader.read(SHARD, null, 2, 1 << 20, Duration.ZERO)).hasSize(2);
    }
  }

  @Test
  void aWaitingReaderWakesWhenARecordComes() throws Exception {
    EmbeddedStream stream = store.stream("s", DEFAULTS);
    try (RecordWriter writer = stream.writer();
        RecordReader reader = stream.reader()) {
      CompletableFuture<List<StoredRecord>> read = readAsync(reader, Duration.ofMinutes(1));

      writer.write(batch("k", 1)).join();

      assertThat(read.get(10, TimeUnit.SECONDS)).hasSize(1);
      assertThat(reader.read(SHARD, SequenceNumber.of(1), 9, 9, Duration.ofMillis(20))).isEmpty();
    }
  }

  @Test
  void aReaderInAnotherProcessSeesWhatIsWritten() throws Exception {
    EmbeddedStream stream = store.stream("s", DEFAULTS);
    try (RecordWriter writer = stream.writer();
        EmbeddedStore other = EmbeddedStore.open(directory, Access.SHARED)) {
      EmbeddedStream beside = other.stream("s", DEFAULTS);
      try (RecordReader reader = beside.reader()) {
        CompletableFuture<List<StoredRecord>> read = readAsync(reader, Duration.ofMinutes(1));

        writer.write(batch("k", 2)).join();

        assertThat(read.get(10, TimeUnit.SECONDS)).hasSize(2);
        beside.checkpoints().save("c", SHARD, SequenceNumber.of(1));
        assertThat(stream.checkpoints().load("c", SHARD)).isEqualTo(SequenceNumber.of(1));
        assertThatThrownBy(beside::writer).isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void closingTheStoreEndsAWait() throws Exception {
    RecordReader reader = store.stream("s", DEFAULTS).reader();
    CompletableFuture<List<StoredRecord>> read = readAsync(reader, Duration.ofMinutes(1));

    store.close();

    assertThat(read.get(10, TimeUnit.SECONDS)).isEmpty();
    reader.close();
  }

  @Test
  void keysOfOneShardKeepTheirOrderAndShardsShareTheKeys() throws Exception {
    EmbeddedStream stream = store.stream("s", new EmbeddedStreamUrl(4, null, null));
    List<StreamRecord> written = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      written.add(record("key-" + i % 50, Integer.toString(i)));
    }
    try (RecordWriter writer = stream.writer();
        RecordReader reader = stream.reader()) {
      List<CompletableFuture<Void>> stored = new ArrayList<>();
      for (int i = 0; i < 1000; i += 100) {
        stored.add(writer.write(written.subList(i, i + 100)));
      }
      writer.write(List.of()).join();
      assertThat(stored).allMatch(CompletableFuture::isDone);

      int total = 0;
      for (String shard : reader.shards()) {
        List<StoredRecord> records = reader.read(shard, null, 5000, 1 << 20, Duration.ZERO);
        List<String> expected = new ArrayList<>();
        HashRanges ranges = new HashRanges(4);
        for (StreamRecord record : written) {
          if (ShardLog.name(ranges.shard(record.partitionKey())).equals(shard)) {
            expected.add(new String(record.data(), StandardCharsets.UTF_8));
          }
        }
        assertThat(records).extracting(EmbeddedStreamTest::text).isEqualTo(expected).isNotEmpty();
        total += records.size();
      }
      assertThat(total).isEqualTo(1000);
    }
  }

  @Test
  void theNumberOfShardsIsFixed() {
    EmbeddedStream unused = store.stream("s", new EmbeddedStreamUrl(2, null, null));

    assertThat(store.stream("s", DEFAULTS).shards()).hasSize(2);
    assertThatThrownBy(() -> store.stream("s", new EmbeddedStreamUrl(3, null, null)))
        .isInstanceOf(PipelineException.class)
        .hasMessage("stream 's' has 2 shards, not 3");
  }

  @Test
  void checkpointsAreKept() {
    Checkpoints checkpoints = store.stream("s", DEFAULTS).checkpoints();
    write("s", 5);

    assertThat(checkpoints.load("c", SHARD)).isNull();
    checkpoints.save("c", SHARD, SequenceNumber.of(3));
    checkpoints.save("c", SHARD, SequenceNumber.of(4));
    close();
    open();

    assertThat(store.stream("s", DEFAULTS).checkpoints().load("c", SHARD))
        .isEqualTo(SequenceNumber.of(4));
    assertThat(store.stream("s", DEFAULTS).checkpoints().load("d", SHARD)).isNull();
  }

  @Test
  void aCheckpointAheadOfTheEndIsRefused() {
    Checkpoints checkpoints = store.stream("s", DEFAULTS).checkpoints();
    write("s", 5);

    assertThatThrownBy(() -> checkpoints.save("c", SHARD, SequenceNumber.of(6)))
        .isInstanceOf(PipelineException.class)
        .hasMessage("record 6 cannot be handled: shardId-000000000000 ends with 5");
    assertThatThrownBy(
            () -> checkpoints.save("c", SHARD, new SequenceNumber("49590338271490256608559692538")))
        .hasMessageContaining("is not one of an embedded stream");
  }

  @Test
  void aPositionBehindTheEndIsAnError() {
    EmbeddedStream stream = store.stream("s", DEFAULTS);
    write("s", 5);
    try (RecordReader reader = stream.reader()) {
      assertThatThrownBy(() -> reader.read(SHARD, SequenceNumber.of(9), 10, 1 << 20, Duration.ZERO))
          .isInstanceOf(PipelineException.class)
          .hasMessage("shardId-000000000000 ends with record 5, but record 9 is marked handled");
      assertThatThrownBy(() -> reader.read("shardId-1", null, 1, 1, Duration.ZERO))
          .hasMessage("stream 's' has no shard 'shardId-1'");
    }
  }

  @Test
  void numbersGoOnAfterARestart() throws Exception {
    write("s", 3);
    close();
    open();
    write("s", 3);

    try (RecordReader reader = store.stream("s", DEFAULTS).reader()) {
      assertThat(reader.read(SHARD, null, 100, 1 << 20, Duration.ZERO))
          .extracting(r -> r.sequenceNumber().digits())
          .isEqualTo(numbers(1, 6));
    }
  }

  @Test
  void aDeletedStreamLeavesNothingAndTakesNothing() throws Exception {
    EmbeddedStream stream = store.stream("s", new EmbeddedStreamUrl(2, null, null));
    RecordWriter writer = stream.writer();
    List<CompletableFuture<Void>> stored = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      stored.add(writer.write(batch("k" + i, 1)));
    }
    write("other", 1);

    store.deleteStream("s");
    store.deleteStream("never-there");

    assertThat(stored).allMatch(CompletableFuture::isDone);

    assertThat(store.streamNames()).containsExactly("other");
    assertThat(store.<Long>read(sqlite -> sqlite.number("SELECT count(*) FROM chunk")))
        .isEqualTo(1);
    assertThatThrownBy(() -> writer.write(batch("k", 1)).join())
        .hasRootCauseMessage("stream 's' was deleted");
    assertThat(store.stream("s", DEFAULTS).shards()).hasSize(1);
  }

  private void write(String stream, int records) {
    try (RecordWriter writer = store.stream(stream, DEFAULTS).writer()) {
      writer.write(batch("k", records)).join();
    }
  }

  private static CompletableFuture<List<StoredRecord>> readAsync(
      RecordReader reader, Duration wait) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return reader.read(SHARD, null, 100, 1 << 20, wait);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static List<StreamRecord> batch(String key, int records) {
    List<StreamRecord> batch = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      batch.add(record(key, Integer.toString(i)));
    }
    return batch;
  }

  private static StreamRecord record(String key, String data) {
    return new StreamRecord(key, data.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(StoredRecord record) {
    return new String(record.data(), StandardCharsets.UTF_8);
  }

  private static List<String> numbers(int from, int to) {
    List<String> numbers = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      numbers.add(Integer.toString(i));
    }
    return numbers;
  }
}
