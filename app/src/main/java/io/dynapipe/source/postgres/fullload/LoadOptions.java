package io.dynapipe.source.postgres.fullload;

import io.dynapipe.source.LoadRange;
import java.util.Set;

/**
 * How to load.
 *
 * @param maxReaders connections that read at a time (AWS DMS: {@code MaxFullLoadSubTasks}); no more
 *     than the processors of this machine are used, since each reader keeps one busy
 * @param rangeBytes how much of a table's heap one range takes; also what is read again at most
 *     when a load resumes
 * @param done ranges of an earlier run of this load that are durable, and are not read again
 */
public record LoadOptions(int maxReaders, long rangeBytes, Set<LoadRange> done) {

  private static final int MAX_FULL_LOAD_SUB_TASKS = 8;
  private static final long RANGE_BYTES = 64L << 20;

  /** Copies the set. */
  public LoadOptions {
    done = Set.copyOf(done);
  }

  public static LoadOptions defaults() {
    return new LoadOptions(MAX_FULL_LOAD_SUB_TASKS, RANGE_BYTES, Set.of());
  }

  public LoadOptions resumed(Set<LoadRange> doneRanges) {
    return new LoadOptions(maxReaders, rangeBytes, doneRanges);
  }

  public LoadOptions withReaders(int readers) {
    return new LoadOptions(readers, rangeBytes, done);
  }

  public LoadOptions withRangeBytes(long bytes) {
    return new LoadOptions(maxReaders, bytes, done);
  }
}
