package io.dynapipe.task;

import io.dynapipe.event.TableName;
import io.dynapipe.source.postgres.SourceTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tables that were renamed while nobody streamed. What a table has to do yet is remembered by the
 * name that events last told, and has to be done under the new one.
 */
final class RenamedTables {

  private RenamedTables() {}

  /** Moves what is remembered to the tables' present names. */
  static void follow(CaptureProgress progress, List<SourceTable> tables) {
    Map<Long, TableName> present = new HashMap<>();
    tables.forEach(table -> present.put(table.oid(), table.name()));
    for (SourceTable told : progress.history().before(progress.position())) {
      TableName name = present.get(told.oid());
      if (name != null && !name.equals(told.name())) {
        move(progress, told.name(), name);
      }
    }
  }

  /** The new name first: a crash in between loads twice rather than not at all. */
  private static void move(CaptureProgress progress, TableName old, TableName name) {
    String suspended = progress.suspended().get(old);
    if (suspended != null) {
      progress.suspend(name, suspended);
      progress.resume(old);
    }
    if (progress.loadsOwed().contains(old)) {
      progress.loadOwed(name);
      progress.loadDone(old);
    }
  }
}
