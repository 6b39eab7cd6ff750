package io.dynapipe.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Origin;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.stream.StoredRecord;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random streams, cut at random points and given again from before the cut, up to five times, end
 * in the same rows as when given once. A failure names its seed, which gives the same stream again.
 */
public abstract class ReplayProperties {

  private static final int EVENTS = 120;
  private static final int REPLAYS = 5;

  protected abstract TargetProbe openProbe();

  /** Few streams here; {@code -Ddynapipe.replay.streams=50} makes it fifty times as many. */
  protected void replayFrom(long seed) {
    for (int i = 0; i < Integer.getInteger("dynapipe.replay.streams", 1); i++) {
      replay(seed + i);
    }
  }

  private void replay(long seed) {
    RandomStream stream = new RandomStream(seed, EVENTS);
    List<StoredRecord> records = stream.records();
    Layout layout = List.of(Layout.values()).get((int) Math.floorMod(seed, 3L));
    try (TargetProbe probe = openProbe()) {
      probe.reset();
      try (Sink sink = probe.open(layout)) {
        Random random = new Random(seed);
        int at = 0;
        for (int replay = 0; replay <= REPLAYS; replay++) {
          boolean last = replay == REPLAYS;
          int cut = last ? records.size() : at + random.nextInt(records.size() - at + 1);
          apply(sink, records.subList(at, cut), random);
          // Records before the first one of a replay are never given again.
          at = last ? cut : random.nextInt(cut + 1);
        }
      }
      for (int i = 0; i < stream.tables().size(); i++) {
        TestTable table = stream.tables().get(i);
        assertThat(probe.rows(table.schema()))
            .as("%s, seed %d, %s", table.name(), seed, layout)
            .containsExactly(table.expected(stream.rows(i)));
      }
    }
  }

  /** Two tables change places, as people do it who load a table anew beside the old one. */
  @Test
  void aReplayFromBeforeARenameLeavesTheTableAloneThatHasTheNameNow() {
    TestTable table = TestTable.people();
    TestTable old = table.named("people_old");
    TestTable fresh = table.named("people_fresh");
    List<ChangeEvent> events =
        List.of(
            TableChange.create(table.schema(), at(1)),
            RowChange.insert(table.name(), table.row(1, "a", 1, null), at(2)),
            RowChange.insert(table.name(), table.row(2, "b", 1, null), at(3)),
            TableChange.create(fresh.schema(), at(4)),
            RowChange.insert(fresh.name(), fresh.row(1, "A", 2, null), at(5)),
            RowChange.insert(fresh.name(), fresh.row(3, "C", 2, null), at(6)),
            RowChange.delete(table.name(), table.row(2, null, null, null), at(7)),
            TableChange.renameTable(table.name(), old.schema(), at(8)),
            TableChange.renameTable(fresh.name(), table.schema(), at(9)),
            RowChange.insert(table.name(), table.row(4, "D", 3, null), at(10)),
            RowChange.insert(old.name(), old.row(5, "e", 3, null), at(11)));
    givenFromEach(
        events,
        (probe, from) -> {
          assertReplaced(probe, table, fresh, from);
          assertThat(probe.rows(old.schema()))
              .as(from)
              .containsExactly(old.expected(old.row(1, "a", 1, null), old.row(5, "e", 3, null)));
        });
  }

  /** The same by people who do not keep the old one; its rows and its drop must not come back. */
  @Test
  void aReplayFromBeforeADropLeavesTheTableAloneThatHasTheNameNow() {
    TestTable table = TestTable.people();
    TestTable fresh = table.named("people_fresh");
    List<ChangeEvent> events =
        List.of(
            TableChange.create(fresh.schema(), at(1)),
            RowChange.insert(fresh.name(), fresh.row(1, "A", 2, null), at(2)),
            RowChange.insert(fresh.name(), fresh.row(3, "C", 2, null), at(3)),
            TableChange.create(table.schema(), at(4)),
            RowChange.insert(table.name(), table.row(1, "a", 1, null), at(5)),
            RowChange.insert(table.name(), table.row(2, "b", 1, null), at(6)),
            RowChange.delete(table.name(), table.row(1, null, null, null), at(7)),
            TableChange.truncate(table.name(), at(8)),
            TableChange.drop(table.name(), at(9)),
            TableChange.renameTable(fresh.name(), table.schema(), at(10)),
            RowChange.insert(table.name(), table.row(4, "D", 3, null), at(11)));
    givenFromEach(events, (probe, from) -> assertReplaced(probe, table, fresh, from));
  }

  @Test
  void aReplayFromBeforeADropDoesNotBringTheTableBack() {
    TestTable table = TestTable.people();
    List<ChangeEvent> events =
        List.of(
            TableChange.create(table.schema(), at(1)),
            RowChange.insert(table.name(), table.row(1, "a", 1, null), at(2)),
            TableChange.drop(table.name(), at(3)),
            TableChange.create(table.schema(), at(4)),
            RowChange.insert(table.name(), table.row(2, "b", 1, null), at(5)),
            TableChange.drop(table.name(), at(6)));
    givenFromEach(
        events, (probe, from) -> assertThat(probe.exists(table.name())).as(from).isFalse());
  }

  /** A drop that was not applied before is no replay, whatever its time. */
  @Test
  void aDropThatIsToldWithAnEarlierTimeBeginsAnew() {
    TestTable table = TestTable.people();
    List<ChangeEvent> events =
        List.of(
            TableChange.create(table.schema(), at(10)),
            RowChange.insert(table.name(), table.row(1, "a", 1, null), at(11)),
            TableChange.drop(table.name(), at(12)),
            TableChange.drop(table.name(), at(5)),
            TableChange.create(table.schema(), at(6)),
            RowChange.insert(table.name(), table.row(2, "b", 1, null), at(7)));
    try (TargetProbe probe = openProbe()) {
      probe.reset();
      try (Sink sink = probe.open(Layout.DOCUMENT)) {
        apply(sink, RandomStream.records(events), new Random(1));
      }
      assertThat(probe.rows(table.schema()))
          .containsExactly(table.expected(table.row(2, "b", 1, null)));
    }
  }

  /** The table has the rows of the one that was loaded beside it, and what came afterwards. */
  private static void assertReplaced(
      TargetProbe probe, TestTable table, TestTable fresh, String from) {
    assertThat(probe.rows(table.schema()))
        .as(from)
        .containsExactly(
            table.expected(
                table.row(1, "A", 2, null),
                table.row(3, "C", 2, null),
                table.row(4, "D", 3, null)));
    assertThat(probe.exists(fresh.name())).isFalse();
  }

  private interface Check {
    void check(TargetProbe probe, String from);
  }

  /** All events, and then again from each of them on. */
  private void givenFromEach(List<ChangeEvent> events, Check check) {
    List<StoredRecord> records = RandomStream.records(events);
    for (Layout layout : List.of(Layout.DOCUMENT, Layout.COLUMNS)) {
      try (TargetProbe probe = openProbe()) {
        probe.reset();
        for (int from = -1; from < records.size(); from++) {
          try (Sink sink = probe.open(layout)) {
            apply(sink, records.subList(Math.max(0, from), records.size()), new Random(from));
          }
          check.check(probe, layout + ", again from event " + from);
        }
      }
    }
  }

  private static Origin at(long seconds) {
    return Origin.at(1_700_000_000_000_000L + seconds * 1_000_000);
  }

  private static void apply(Sink sink, List<StoredRecord> records, Random random) {
    // A new processor, as after a crash: what the last one knew is gone.
    BatchProcessor processor = new BatchProcessor(new DmsDecoder(), sink, Clock.systemUTC());
    int from = 0;
    while (from < records.size()) {
      int to = Math.min(records.size(), from + 1 + random.nextInt(40));
      BatchOutcome outcome = processor.process(records.subList(from, to));
      assertThat(outcome.complete()).as("%s", outcome).isTrue();
      from = to;
    }
  }
}
