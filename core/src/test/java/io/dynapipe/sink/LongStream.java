package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.dms.DmsEncoder;
import io.dynapipe.dms.DmsSettings;
import io.dynapipe.dms.Partition;
import io.dynapipe.dms.PartitionType;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowChange;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Many events over a table with a key and one without, applied while the target is in trouble as a
 * pipeline does it: a batch that failed is given again. Events are made as they are needed.
 */
public final class LongStream {

  private static final int BATCH = 5_000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Partition PARTITION =
      new Partition(PartitionType.SCHEMA_TABLE, null, "contract.all");

  private final TestTable keyed =
      TestTable.of(
          "kept",
          List.of("id"),
          TestTable.column("id", DataType.INT32, "int4"),
          TestTable.column("n", DataType.INT32, "int4"),
          TestTable.column("note", DataType.STRING, "text"));
  private final TestTable keyless = TestTable.log();
  private final DmsEncoder encoder = new DmsEncoder(DmsSettings.defaults());
  private final Random random;
  private final int events;
  private final Map<Integer, Row> rows = new HashMap<>();
  private final List<Row> log = new ArrayList<>();
  private int made;
  private int failedBatches;

  /** A stream that is the same for the same seed. */
  public LongStream(long seed, int events) {
    this.random = new Random(seed);
    this.events = events;
  }

  /** How often a batch had to be given again. */
  public int failedBatches() {
    return failedBatches;
  }

  /**
   * Applies all events, and checks what the target holds then.
   *
   * @param beforeBatch told the number of each batch, from 0, and how many there are
   */
  public void applyAndCheck(Sink sink, TargetProbe probe, BatchListener beforeBatch) {
    int batches = (events + BATCH - 1) / BATCH;
    for (int number = 0; number < batches; number++) {
      List<StoredRecord> batch = batch();
      beforeBatch.next(number, batches);
      apply(sink, batch);
    }
    check(probe, keyed, rows.values());
    check(probe, keyless, log);
  }

  /** Told of each batch. */
  @FunctionalInterface
  public interface BatchListener {
    void next(int number, int batches);
  }

  private void apply(Sink sink, List<StoredRecord> batch) {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (true) {
      BatchProcessor processor = new BatchProcessor(new DmsDecoder(), sink, Clock.systemUTC());
      BatchOutcome outcome = processor.process(batch);
      if (outcome.complete()) {
        assertThat(outcome.setAside()).isEmpty();
        return;
      }
      failedBatches++;
      assertThat(Instant.now()).as("%s", outcome.failure()).isBefore(deadline);
      assertThat(outcome.failure().isRetryable()).as("%s", outcome.failure()).isTrue();
    }
  }

  private static void check(TargetProbe probe, TestTable table, Iterable<Row> rows) {
    List<Row> all = new ArrayList<>();
    rows.forEach(all::add);
    List<String> expected = Arrays.asList(table.expected(all.toArray(new Row[0])));
    List<String> found = probe.rows(table.schema());
    Set<String> lost = new HashSet<>(expected);
    lost.removeAll(new HashSet<>(found));
    Set<String> foreign = new HashSet<>(found);
    foreign.removeAll(new HashSet<>(expected));
    assertThat(lost).as("lost from %s", table.name()).isEmpty();
    assertThat(foreign).as("wrong in %s", table.name()).isEmpty();
    assertThat(found).as("rows of %s", table.name()).hasSize(expected.size());
  }

  private List<StoredRecord> batch() {
    List<StoredRecord> batch = new ArrayList<>();
    while (batch.size() < BATCH && made < events) {
      ChangeEvent event =
          made == 0 ? keyed.create() : made == 1 ? keyless.create() : change(random.nextInt(100));
      made++;
      batch.add(
          new StoredRecord(
              "0", SequenceNumber.of(made), "key", encoder.encode(event, PARTITION), 0));
    }
    return batch;
  }

  private RowChange change(int dice) {
    Origin origin = Origin.at(1_700_000_000_000_000L + made);
    if (dice < 15) {
      Row row = keyless.row(made, "message " + made);
      log.add(row);
      return RowChange.insert(keyless.name(), row, origin);
    }
    if (dice < 18 && !log.isEmpty()) {
      Row last = log.remove(log.size() - 1);
      return RowChange.delete(keyless.name(), last, origin);
    }
    int id = random.nextInt(events / 2);
    Row old = rows.get(id);
    if (dice < 30 && old != null) {
      rows.remove(id);
      return RowChange.delete(keyed.name(), keyed.row(id, null, null), origin);
    }
    Row row = keyed.row(id, made, "note of event " + made);
    rows.put(id, row);
    return old == null
        ? RowChange.load(keyed.name(), row, origin)
        : RowChange.update(keyed.name(), row, null, origin);
  }
}
