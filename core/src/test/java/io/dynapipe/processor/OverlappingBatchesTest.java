package io.dynapipe.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.TableName;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Batches of which one begins while the rows of the one before are on their way. */
class OverlappingBatchesTest {

  private static final TableName FOO = new TableName("public", "foo");
  private static final int STREAMS = 400;

  /** Writes as late as it may, and has no two writes of a row on their way. */
  private static final class LateSink extends MemorySink {
    private final Set<RowKey> onTheirWay = new HashSet<>();
    private int most;
    private int begun;

    @Override
    public Begun begin(TableName table, List<RowWrite> writes) {
      List<RowKey> keys = writes.stream().map(RowWrite::key).toList();
      keys.forEach(key -> assertThat(onTheirWay.add(key)).as("%s is free", key).isTrue());
      most = Math.max(most, ++begun);
      return () -> {
        onTheirWay.removeAll(keys);
        begun--;
        return write(table, writes);
      };
    }

    @Override
    public List<RowFailure> write(TableName table, List<RowWrite> writes) {
      writes.forEach(write -> assertThat(onTheirWay).doesNotContain(write.key()));
      return super.write(table, writes);
    }
  }

  @Test
  void endInWhatBatchesOneAfterAnotherEndIn() {
    int overlaps = 0;
    int aside = 0;
    for (int seed = 0; seed < STREAMS; seed++) {
      List<List<StoredRecord>> batches = batches(new Random(seed));
      MemorySink wanted = new MemorySink();
      LateSink sink = new LateSink();
      wanted.bad = OverlappingBatchesTest::isBad;
      sink.bad = OverlappingBatchesTest::isBad;

      List<BatchOutcome> expected = oneAfterAnother(batches, wanted);
      List<BatchOutcome> outcomes = overlapping(batches, sink);

      assertThat(sink.texts(FOO)).as("rows, seed %d", seed).isEqualTo(wanted.texts(FOO));
      assertThat(sink.quarantined).as("quarantine, seed %d", seed).isEqualTo(wanted.quarantined);
      assertThat(outcomes.stream().map(BatchOutcome::counts))
          .as("counts, seed %d", seed)
          .isEqualTo(expected.stream().map(BatchOutcome::counts).toList());
      overlaps += sink.most > 1 ? 1 : 0;
      aside += sink.quarantined.isEmpty() ? 0 : 1;
    }
    assertThat(overlaps).isGreaterThan(STREAMS / 4);
    assertThat(aside).isBetween(STREAMS / 10, STREAMS - 1);
  }

  @Test
  void aBatchFailsWithTheOneBeforeIfItNeedsIt() {
    LateSink sink = new LateSink();
    BatchProcessor processor = processor(sink);
    processor.process(List.of(record(1, BatchProcessorTest.CREATE)));

    BatchProcessor.Running first = begin(processor, 2, BatchProcessorTest.insert(1, "a"), null);
    sink.nextFailure = PipelineException.retryable("down", null);
    BatchProcessor.Running second = begin(processor, 3, BatchProcessorTest.delete(1), first);

    assertThat(first.end().firstFailed()).isEqualTo(SequenceNumber.of(2));
    assertThat(second.end().firstFailed()).isEqualTo(SequenceNumber.of(3));
    assertThat(sink.onTheirWay).isEmpty();
  }

  private static BatchProcessor.Running begin(
      BatchProcessor processor, long number, String event, BatchProcessor.Running before) {
    return processor.begin(processor.decode(List.of(record(number, event))), before);
  }

  private static boolean isBad(RowWrite write) {
    return "bad".equals(write.row().text("name"));
  }

  private static List<BatchOutcome> oneAfterAnother(
      List<List<StoredRecord>> batches, MemorySink sink) {
    BatchProcessor processor = processor(sink);
    return batches.stream().map(processor::process).toList();
  }

  private static List<BatchOutcome> overlapping(List<List<StoredRecord>> batches, MemorySink sink) {
    BatchProcessor processor = processor(sink);
    List<BatchOutcome> outcomes = new ArrayList<>();
    BatchProcessor.Running last = null;
    for (List<StoredRecord> batch : batches) {
      BatchProcessor.Running running = processor.begin(processor.decode(batch), last);
      if (last != null) {
        outcomes.add(last.end());
      }
      last = running;
    }
    outcomes.add(last.end());
    return outcomes;
  }

  private static BatchProcessor processor(MemorySink sink) {
    return new BatchProcessor(new DmsDecoder(), sink, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
  }

  /** Changes of few keys in small batches, so that keys often meet again, but not always. */
  private static List<List<StoredRecord>> batches(Random random) {
    List<List<StoredRecord>> batches = new ArrayList<>();
    int keys = 3 + random.nextInt(30);
    long number = 1;
    batches.add(List.of(record(number, BatchProcessorTest.CREATE)));
    for (int i = 0; i < 12; i++) {
      List<StoredRecord> batch = new ArrayList<>();
      int size = 1 + random.nextInt(4);
      for (int j = 0; j < size; j++) {
        batch.add(record(++number, event(random, keys)));
      }
      batches.add(batch);
    }
    return batches;
  }

  private static String event(Random random, int keys) {
    int id = random.nextInt(keys);
    int other = random.nextInt(keys);
    return switch (random.nextInt(20)) {
      case 0 -> BatchProcessorTest.truncate();
      case 1 -> BatchProcessorTest.insert(id, "bad");
      case 2, 3 -> BatchProcessorTest.keyChange(id, other, "n" + random.nextInt(99));
      case 4, 5 -> BatchProcessorTest.unchangedName(id, null);
      case 6 -> BatchProcessorTest.unchangedName(id, other);
      case 7, 8, 9 -> BatchProcessorTest.delete(id);
      case 10, 11, 12 -> BatchProcessorTest.update(id, "n" + random.nextInt(99));
      default -> BatchProcessorTest.insert(id, "n" + random.nextInt(99));
    };
  }

  private static StoredRecord record(long number, String event) {
    byte[] data = event.getBytes(StandardCharsets.UTF_8);
    return new StoredRecord("0", SequenceNumber.of(number), "key", data, 0);
  }
}
