package io.dynapipe.source.postgres.fullload;

import io.dynapipe.event.TableName;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.ReplicaIdentity;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.StoredPart;
import io.dynapipe.source.postgres.VisibleTransactions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Splits tables into ranges of pages, leaving out what has been loaded before. */
final class RangePlan {

  private RangePlan() {}

  /** The ranges of a table in page order; none of them overlaps one that is done. */
  static List<LoadRange> of(SourceTable table, LoadOptions options) {
    Set<LoadRange> done = options.done();
    long rangeBytes = options.rangeBytes();
    List<String> segments = options.readings().of(table).segments();
    List<LoadRange> ranges = new ArrayList<>();
    if (!segments.isEmpty()) {
      return segments(table, segments, done);
    }
    for (StoredPart part : table.parts()) {
      long start = 0;
      for (LoadRange range : doneOf(table.name(), part.relation(), done, false)) {
        split(table.name(), part, start, range.startBlock(), rangeBytes, ranges);
        start = Math.max(start, range.endBlock());
      }
      split(table.name(), part, start, LoadRange.END, rangeBytes, ranges);
    }
    return ranges;
  }

  /** Each segment of each relation. What an earlier run read by pages is read again. */
  private static List<LoadRange> segments(
      SourceTable table, List<String> segments, Set<LoadRange> done) {
    List<LoadRange> ranges = new ArrayList<>();
    for (StoredPart part : table.parts()) {
      for (String segment : segments) {
        LoadRange range = LoadRange.segment(table.name(), part.relation(), segment);
        if (!done.contains(range)) {
          ranges.add(range);
        }
      }
    }
    return ranges;
  }

  /**
   * What to read again of the ranges that are done: only relations with values out of line, whose
   * changes may come without them. Not of tables without a key: of these only inserts come, which
   * tell all values, and a row that is read twice would stand there twice.
   */
  static List<LoadTask> changedRows(
      SourceTable table, Set<LoadRange> done, VisibleTransactions first) {
    List<LoadTask> tasks = new ArrayList<>();
    if (!table.schema().hasPrimaryKey()) {
      return tasks;
    }
    for (StoredPart part : table.parts()) {
      if (part.toasted() && table.identity() != ReplicaIdentity.FULL) {
        List<LoadRange> ranges = merged(doneOf(table.name(), part.relation(), done, false));
        ranges.addAll(doneOf(table.name(), part.relation(), done, true));
        ranges.forEach(range -> tasks.add(new LoadTask(range, first.xmin())));
      }
    }
    return tasks;
  }

  private static List<LoadRange> merged(List<LoadRange> ranges) {
    List<LoadRange> merged = new ArrayList<>();
    for (LoadRange range : ranges) {
      LoadRange last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && last.endBlock() >= range.startBlock()) {
        long end = Math.max(last.endBlock(), range.endBlock());
        merged.set(
            merged.size() - 1,
            new LoadRange(last.table(), last.relation(), last.startBlock(), end));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }

  private static List<LoadRange> doneOf(
      TableName table, TableName relation, Set<LoadRange> done, boolean bySegment) {
    return done.stream()
        .filter(range -> range.table().equals(table) && range.relation().equals(relation))
        .filter(range -> bySegment == (range.condition() != null))
        .sorted(Comparator.comparingLong(LoadRange::startBlock))
        .toList();
  }

  private static void split(
      TableName table,
      StoredPart part,
      long start,
      long end,
      long rangeBytes,
      List<LoadRange> ranges) {
    long from = start;
    if (part.ranged() && part.pages() > 0) {
      long pageBytes = Math.max(1, part.heapBytes() / part.pages());
      long step = Math.max(1, rangeBytes / pageBytes);
      long limit = Math.min(end, part.pages());
      // The rest is at least half a range, so that no reader gets a sliver.
      while (limit - from > step + step / 2) {
        ranges.add(new LoadRange(table, part.relation(), from, from + step));
        from += step;
      }
    }
    if (from < end) {
      ranges.add(new LoadRange(table, part.relation(), from, end));
    }
  }
}
