package io.dynapipe.source.postgres.fullload;

import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.VisibleTransactions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to load.
 *
 * @param maxReaders connections that read at a time (AWS DMS: {@code MaxFullLoadSubTasks}); no more
 *     than the processors of this machine are used, since each reader keeps one busy
 * @param rangeBytes how much of a table's heap one range takes; also what is read again at most
 *     when a load resumes
 * @param done ranges of an earlier run of this load that are durable, and are not read again
 * @param first what the snapshot of the first run shows; null when there was no earlier run
 * @param readings what is read of each table
 */
public record LoadOptions(
    int maxReaders,
    long rangeBytes,
    Set<LoadRange> done,
    @Nullable VisibleTransactions first,
    TableReading.Chooser readings) {

  private static final int MAX_FULL_LOAD_SUB_TASKS = 8;
  private static final long RANGE_BYTES = 64L << 20;

  /** Copies the set. */
  public LoadOptions {
    done = Set.copyOf(done);
  }

  public static LoadOptions defaults() {
    return new LoadOptions(
        MAX_FULL_LOAD_SUB_TASKS, RANGE_BYTES, Set.of(), null, TableReading.Chooser.ALL);
  }

  /** A load that goes on; for a source that nobody wrote to meanwhile. */
  public LoadOptions resumed(Set<LoadRange> doneRanges) {
    return new LoadOptions(maxReaders, rangeBytes, doneRanges, first, readings);
  }

  /**
   * A load that goes on from a later snapshot. Rows of finished ranges that were written since the
   * first snapshot are read again: a row may have moved there from a range that was not finished,
   * and its change, which comes from the slot, does not tell TOASTed values that it did not touch.
   */
  public LoadOptions resumed(Set<LoadRange> doneRanges, VisibleTransactions firstSnapshot) {
    return new LoadOptions(maxReaders, rangeBytes, doneRanges, firstSnapshot, readings);
  }

  public LoadOptions withReaders(int readers) {
    return new LoadOptions(readers, rangeBytes, done, first, readings);
  }

  public LoadOptions withRangeBytes(long bytes) {
    return new LoadOptions(maxReaders, bytes, done, first, readings);
  }

  /** The same with less than everything of some tables. */
  public LoadOptions withReadings(TableReading.Chooser chooser) {
    return new LoadOptions(maxReaders, rangeBytes, done, first, chooser);
  }
}
