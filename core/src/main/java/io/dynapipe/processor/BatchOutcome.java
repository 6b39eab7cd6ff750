package io.dynapipe.processor;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.stream.SequenceNumber;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch.
 *
 * @param records how many records the batch had
 * @param counts by table, for what is durable; records that could not be read count for no table
 * @param unreadable records that are not events, now in quarantine
 * @param setAside what went into quarantine, with reasons
 * @param firstFailed the first record whose effect is not durable, or null when all of them are
 *     (applied, quarantined or deliberately skipped); it and all after it have to be given again
 * @param failure why, when {@code firstFailed} is not null
 * @param waiting nothing is wrong: all before {@code firstFailed} is durable and counted, and it
 *     waits for something that another shard brings
 */
public record BatchOutcome(
    int records,
    Map<TableName, TableCounts> counts,
    long unreadable,
    List<QuarantineEntry> setAside,
    @Nullable SequenceNumber firstFailed,
    @Nullable PipelineException failure,
    boolean waiting) {

  public BatchOutcome {
    counts = Map.copyOf(counts);
    setAside = List.copyOf(setAside);
    if ((firstFailed == null) != (failure == null)) {
      throw new IllegalArgumentException("a failed record and its failure go together");
    }
  }

  /** A batch that did not wait. */
  public BatchOutcome(
      int records,
      Map<TableName, TableCounts> counts,
      long unreadable,
      List<QuarantineEntry> setAside,
      @Nullable SequenceNumber firstFailed,
      @Nullable PipelineException failure) {
    this(records, counts, unreadable, setAside, firstFailed, failure, false);
  }

  public boolean complete() {
    return firstFailed == null;
  }

  /** All tables together. */
  public TableCounts total() {
    return counts.values().stream().reduce(TableCounts.NONE, TableCounts::plus);
  }
}
