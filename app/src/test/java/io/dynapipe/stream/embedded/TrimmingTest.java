package io.dynapipe.stream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StreamRecord;
import io.dynapipe.stream.embedded.EmbeddedStore.Access;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TrimmingTest {

  private static final EmbeddedStreamUrl WHEN_HANDLED = new EmbeddedStreamUrl(null, null, null);
  private static final String SHARD = "shardId-000000000000";

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private EmbeddedStore store;

  @BeforeEach
  void open() {
    store = EmbeddedStore.open(directory, Access.OWNER, clock);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void handledRecordsGoAndNumbersGoOn() throws Exception {
    EmbeddedStream stream = store.stream("s", WHEN_HANDLED);
    writeBatches(stream, 3);
    stream.checkpoints().save("c", SHARD, SequenceNumber.of(25));
    awaitTrimmed(stream, 20);

    try (RecordReader reader = stream.reader()) {
      assertThat(first(reader, null)).isEqualTo(21);
      assertThat(first(reader, SequenceNumber.of(25))).isEqualTo(26);
      assertThatThrownBy(() -> first(reader, SequenceNumber.of(19)))
          .isInstanceOf(PipelineException.class)
          .hasMessage(
              "shardId-000000000000: the records from 20 to 20 have been trimmed before they were"
                  + " handled");
    }
    stream.checkpoints().save("c", SHARD, SequenceNumber.of(30));
    awaitTrimmed(stream, 30);
    close();
    open();
    EmbeddedStream again = store.stream("s", WHEN_HANDLED);
    writeBatches(again, 1);
    try (RecordReader reader = again.reader()) {
      assertThat(first(reader, SequenceNumber.of(30))).isEqualTo(31);
      assertThat(again.storedBytes()).isPositive();
    }
  }

  @Test
  void recordsAreKeptForTheSlowestKnownConsumer() throws Exception {
    EmbeddedStream stream = store.stream("s", WHEN_HANDLED);
    stream.addConsumer("slow");
    writeBatches(stream, 2);
    stream.checkpoints().save("fast", SHARD, SequenceNumber.of(20));
    stream.checkpoints().save("slow", SHARD, SequenceNumber.of(10));
    awaitTrimmed(stream, 10);
    assertThat(stream.shard(SHARD).trimmedThrough()).isEqualTo(10);

    stream.removeConsumer("slow");

    awaitTrimmed(stream, 20);
    assertThat(stream.storedBytes()).isZero();
    try (RecordReader reader = stream.reader()) {
      assertThat(reader.read(SHARD, null, 1, 1, Duration.ofMillis(300))).isEmpty();
      assertThatThrownBy(() -> first(reader, SequenceNumber.of(5)))
          .hasMessageContaining("the records from 6 to 20 have been trimmed");
    }
  }

  @Test
  void handledRecordsAreKeptForTheirRetention() throws Exception {
    EmbeddedStream stream =
        store.stream("s", new EmbeddedStreamUrl(null, Duration.ofHours(1), null));
    writeBatches(stream, 1);
    clock.advance(Duration.ofMinutes(40));
    writeBatches(stream, 1);
    stream.checkpoints().save("c", SHARD, SequenceNumber.of(20));

    clock.advance(Duration.ofMinutes(30));

    awaitTrimmed(stream, 10);
    assertThat(stream.shard(SHARD).trimmedThrough()).isEqualTo(10);
    clock.advance(Duration.ofMinutes(40));
    awaitTrimmed(stream, 20);
  }

  @Test
  void aFullStreamMakesItsWriterWait() throws Exception {
    EmbeddedStream stream = store.stream("s", new EmbeddedStreamUrl(null, null, 5_000L));
    stream.addConsumer("c");
    writeBatches(stream, 5);
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> writeBatches(stream, 1));
    assertThat(stream.isFull()).isTrue();
    assertThat(waiting).isNotDone();

    stream.checkpoints().save("c", SHARD, SequenceNumber.of(50));

    waiting.get(10, TimeUnit.SECONDS);
    assertThat(stream.shard(SHARD).lastSequence()).isEqualTo(60);
  }

  @Test
  void aFullStreamDropsHandledRecordsBeforeTheirTime() throws Exception {
    EmbeddedStream stream =
        store.stream("s", new EmbeddedStreamUrl(null, Duration.ofHours(1), 5_000L));
    writeBatches(stream, 5);
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> writeBatches(stream, 1));

    stream.checkpoints().save("c", SHARD, SequenceNumber.of(50));

    waiting.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aWaitingWriterCanBeInterruptedAndWritesNothing() throws Exception {
    EmbeddedStream stream = store.stream("s", new EmbeddedStreamUrl(null, null, 1L));
    writeBatches(stream, 1);
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                writeBatches(stream, 1);
              } catch (PipelineException e) {
                outcome.complete(e);
              }
            });
    thread.start();
    thread.interrupt();

    assertThat(outcome.get(10, TimeUnit.SECONDS))
        .hasMessage("interrupted while stream 's' was full");
    assertThat(stream.shard(SHARD).lastSequence()).isEqualTo(10);
  }

  /** Batches of 10 records of 101 bytes. */
  private static void writeBatches(EmbeddedStream stream, int batches) {
    try (RecordWriter writer = stream.writer()) {
      for (int i = 0; i < batches; i++) {
        StreamRecord record = new StreamRecord("k", new byte[100]);
        CompletableFuture<Void> stored = writer.write(Collections.nCopies(10, record));
        if (stream.retention() != null || i == batches - 1) {
          stored.join();
        }
      }
    }
  }

  private static long first(RecordReader reader, SequenceNumber after) throws InterruptedException {
    return Long.parseLong(
        reader.read(SHARD, after, 1, 1, Duration.ZERO).get(0).sequenceNumber().digits());
  }

  private static void awaitTrimmed(EmbeddedStream stream, long through)
      throws InterruptedException {
    ShardLog shard = stream.shard(SHARD);
    assertThat(stream.await(() -> shard.trimmedThrough() >= through, TimeUnit.SECONDS.toNanos(10)))
        .as("trimmed through %s", shard.trimmedThrough())
        .isTrue();
  }

  private static final class ManualClock extends Clock {

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void advance(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
