package io.dynapipe.source.postgres;

import io.dynapipe.event.Lsn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which definition of each table has been told by events, and since when, so that a restart neither
 * misses nor repeats a change of definition, and loads the tables that nobody has told of. One
 * thread at a time.
 */
public interface SchemaHistory {

  /**
   * What was told of a table.
   *
   * @param oid the table's
   * @param table null when it was dropped
   * @param position of the transaction's commit record, or of the last transaction before; NONE for
   *     what was told before streaming
   * @param micros time of the event, microseconds since 1970-01-01T00:00:00Z; 0 when there was none
   */
  record Telling(long oid, @Nullable SourceTable table, Lsn position, long micros) {

    /** Whether a stream that begins at a position comes behind it. */
    public boolean isBefore(Lsn start) {
      return position.isNone() || position.compareTo(start) < 0;
    }
  }

  /** All of it, in the order in which it was recorded. */
  List<Telling> all();

  /** Something is about to be told; durable when this returns. */
  void record(Telling telling);

  /** Something was told once more in another place, or never will be. */
  void forget(Telling telling);

  /** The definitions that were told before a position, the last one of each table. */
  default List<SourceTable> before(Lsn position) {
    Map<Long, SourceTable> last = new LinkedHashMap<>();
    for (Telling telling : all()) {
      if (telling.isBefore(position)) {
        if (telling.table() == null) {
          last.remove(telling.oid());
        } else {
          last.put(telling.oid(), telling.table());
        }
      }
    }
    return List.copyOf(last.values());
  }
}
