package io.dynapipe.source.postgres;

import io.dynapipe.event.Lsn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which definition of each table has been told by events, and since when, so that a restart neither
 * misses nor repeats a change of definition, and loads the tables that nobody has told of. One
 * thread at a time.
 */
public interface SchemaHistory {

  /**
   * The definitions that were told before a position, the last one of each table. Later entries are
   * forgotten: their events will come again.
   */
  List<SourceTable> before(Lsn position);

  /**
   * A definition is about to be told; durable when this returns.
   *
   * @param oid the table's
   * @param table null when it was dropped
   * @param position of the transaction's commit record; NONE for what was told before streaming
   */
  void record(long oid, @Nullable SourceTable table, Lsn position);
}
