package io.dynapipe.task;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.SchemaHistory;
import io.dynapipe.source.postgres.VisibleTransactions;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far a task's capture has got, durable when a method returns. What is told here is never ahead
 * of what the stream has stored. Thread-safe.
 */
public interface CaptureProgress {

  /** What a capture does next. */
  enum Phase {
    /** Nothing was made at the source yet, or only what can be made again. */
    NEW,
    /** Slot and publication are there; tables are loading. */
    FULL_LOAD,
    /** All tables are loaded (or were not to be). */
    CDC,
    /** A full load without CDC has ended. */
    DONE
  }

  Phase phase();

  /** The slot's name, the same for the life of this progress; also the publication's. */
  String slot();

  /** Where streaming goes on: everything before is in the stream. */
  Lsn position();

  /** Goes to a phase; {@code position} is kept when NONE. */
  void enter(Phase phase, Lsn position);

  /**
   * Goes to FULL_LOAD.
   *
   * @param position from which streaming will begin
   * @param first what the slot's own snapshot shows
   */
  void beginLoad(Lsn position, VisibleTransactions first);

  /** What the snapshot shows from which the load began; null when it has not begun. */
  @Nullable VisibleTransactions firstSnapshot();

  /**
   * A table without key is loaded whole from a later snapshot: what that shows must not come again
   * from the stream, where nothing could tell it from further, equal rows.
   *
   * @param oid the table's, which may be renamed before that has come
   */
  void loadsLater(long oid, VisibleTransactions shown);

  Map<Long, VisibleTransactions> laterLoads();

  /** Which definitions have been told. */
  SchemaHistory history();

  /** Told before the slot is confirmed to this position. */
  void reached(Lsn position);

  Set<LoadRange> loaded();

  /** Tables whose target was prepared for this load: it must not be emptied again. */
  Set<TableName> prepared();

  void tablePrepared(TableName table);

  /** A reader reads this range now; nothing of it counts as done yet. */
  default void rangeBegun(LoadRange range) {}

  void rangeLoaded(LoadRange range, long rows, long bytes);

  /** A table cannot go on: it is loaded again when the task starts again. */
  void suspend(TableName table, String reason);

  /** It goes on. */
  void resume(TableName table);

  /** The suspended tables and why. */
  Map<TableName, String> suspended();

  /** A table's load while streaming has begun, or has to: a crash must begin it again. */
  void loadOwed(TableName table);

  /** It has come to its end. */
  void loadDone(TableName table);

  /** The tables whose load while streaming has not come to its end. */
  Set<TableName> loadsOwed();

  /** Back to NEW, with nothing loaded. */
  void reset();
}
