package io.dynapipe.sink;

import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A target. Calls return when the target has made their effect durable. Passing trouble (refused
 * connections, 429, 503) is retried inside, with back-off, up to the sink's limit. Thread-safe:
 * several shards may write one table at the same time, though never the same key; a table change
 * and writes to its table do not overlap.
 */
public interface Sink extends AutoCloseable {

  /**
   * Applies a table change; applying it again changes nothing. The definition is recorded in the
   * target ({@code dynapipe.tables}), so that it is known after a restart.
   *
   * @throws io.dynapipe.error.PipelineException permanent: this table cannot go on; retryable:
   *     passing trouble outlasted the retries; environment: target unusable
   */
  void apply(TableChange change);

  /**
   * Looks at tables and definitions again when they are next needed: another process has changed
   * them.
   */
  void forgetTables();

  /**
   * The table's definition at the source as last recorded, or as far as an existing target table
   * tells it; null when the target knows nothing of the table.
   */
  @Nullable TableSchema schema(TableName table);

  /** Whether events of a table are to be passed over: neither applied nor set aside. */
  default boolean passesOver(TableName table) {
    return false;
  }

  /**
   * The name that the table has now which had this name when an event was made. A replay brings
   * events from before a table was renamed; when its old name was given to another table since,
   * they are still about the renamed one.
   *
   * @param eventMicros when the event was made, microseconds since 1970-01-01T00:00:00Z; 0 when
   *     that is not told
   * @return null when the table has been dropped since: the event came before, and no row of it is
   *     left to be changed
   */
  default @Nullable TableName tableAt(TableName table, long eventMicros) {
    return table;
  }

  /** Whether this very drop has been applied: the name may be another table's by now. */
  default boolean hasDropped(TableName table, long eventMicros) {
    return false;
  }

  /**
   * Brings rows of one table to their final states. No key occurs twice, keys of MOVE included, so
   * the order of the list matters only among APPEND and REMOVE_ONE.
   *
   * @return the writes that can never be applied; all others are durable
   * @throws io.dynapipe.error.PipelineException retryable or environment: any part may have been
   *     applied, giving the same writes again is right; permanent: this table cannot go on
   */
  List<RowFailure> write(TableName table, List<RowWrite> writes);

  /** Writes that have begun. */
  @FunctionalInterface
  interface Begun {

    /** As {@link Sink#write}; called once. */
    List<RowFailure> await();
  }

  /**
   * As {@link #write}, but may return before the rows are durable, so that the caller can prepare
   * the next ones. Until these are awaited, the caller writes no row with one of their keys, and no
   * other row to a table without a key.
   *
   * @throws io.dynapipe.error.PipelineException as {@link #write}, and {@link Begun#await} too
   */
  default Begun begin(TableName table, List<RowWrite> writes) {
    List<RowFailure> failures = write(table, writes);
    return () -> failures;
  }

  /** Where records go that cannot be applied. */
  Quarantine quarantine();

  /** What readers of a stream remember in the target. */
  Bookmarks bookmarks();

  @Override
  void close();
}
