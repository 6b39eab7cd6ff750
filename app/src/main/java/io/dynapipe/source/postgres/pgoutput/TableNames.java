package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.source.EventHandler;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.SchemaHistory.Telling;
import io.dynapipe.source.postgres.SourceTable;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that of all tables that were told at most one has a name, as at the source: events
 * tell tables apart by nothing else. The log tells a table's new name with its next row only, and a
 * drop never; so a table that takes a name may come before the one that gave it up. One thread at a
 * time.
 */
final class TableNames {

  private static final Logger LOG = LoggerFactory.getLogger(TableNames.class);

  private final SchemaTracker schemas;
  private final TableLookup lookup;
  private final TableSelection selection;
  private final EventHandler handler;
  private final TableWork work;

  /** Tables of which changes were left out, or may have been, under a name that is not selected. */
  private final Set<Long> away = new HashSet<>();

  /**
   * When something is told.
   *
   * @param position of the transaction that it belongs to, or of the last one before
   */
  record Moment(Origin origin, Lsn position) {}

  TableNames(
      SchemaTracker schemas,
      TableLookup lookup,
      TableSelection selection,
      EventHandler handler,
      TableWork work) {
    this.schemas = schemas;
    this.lookup = lookup;
    this.selection = selection;
    this.handler = handler;
    this.work = work;
  }

  /**
   * Makes a relation's name free for it.
   *
   * @return the relation under the name that its rows are told with; null when they are left out:
   *     the name is not selected, or what was told of it already is a later table's
   */
  @Nullable Relation claim(Relation relation, Moment moment) throws InterruptedException {
    if (!isTold(relation)) {
      tellAgain(moment);
    }
    SourceTable known = schemas.told(relation.oid());
    if (!selection.includes(relation.name(), false)) {
      left(relation.oid());
      return null;
    }
    if (away.remove(relation.oid())) {
      work.retry(relation.oid());
      return null;
    }
    if (known != null && known.name().equals(relation.name())) {
      return relation;
    }
    SourceTable now = lookup.table(relation.oid());
    boolean older = known != null && now != null && now.name().equals(known.name());
    if (!older && free(relation.name(), relation.oid(), moment)) {
      return relation;
    }
    if (known == null) {
      LOG.info(
          "changes of an earlier table {} (oid {}) are left out", relation.name(), relation.oid());
      return null;
    }
    return relation.withName(known.name());
  }

  private boolean isTold(Relation relation) {
    SourceTable known = schemas.told(relation.oid());
    return known != null && known.name().equals(relation.name());
  }

  /**
   * Tells the renames and drops again that a process told which ended before the target confirmed
   * them, as far as the stream has come: with the times of then, so that a target that has them
   * knows them.
   */
  void tellAgain(Moment moment) throws InterruptedException {
    for (Telling next = schemas.takeAgain(moment.position()); next != null; ) {
      tellAgain(next, moment);
      schemas.doneAgain(next);
      next = schemas.takeAgain(moment.position());
    }
  }

  private void tellAgain(Telling telling, Moment moment) throws InterruptedException {
    SourceTable known = schemas.told(telling.oid());
    SourceTable table = telling.table();
    long micros = telling.micros() == 0 ? schemas.clock().next() : telling.micros();
    if (known == null) {
      if (table != null && free(table.name(), telling.oid(), moment)) {
        createAgain(table, moment, micros);
      }
    } else if (table == null) {
      drop(known, moment, micros);
      SourceTable now = lookup.table(telling.oid());
      if (now != null && selection.includes(now.name(), false)) {
        work.retry(telling.oid());
      } else if (now != null) {
        left(telling.oid());
      }
    } else if (!table.name().equals(known.name()) && free(table.name(), telling.oid(), moment)) {
      rename(known, table.name(), moment, micros);
    }
  }

  /** The target may have it, and nothing but this remembers that it has to be dropped there. */
  private void createAgain(SourceTable table, Moment moment, long micros)
      throws InterruptedException {
    schemas.tell(table, moment.position(), micros);
    Origin origin = moment.origin().withTimestamp(micros);
    handler.onEvent(TableChange.create(table.schema(), origin), table.schema());
    if (lookup.table(table.oid()) == null) {
      drop(table, moment);
    } else {
      // Its load may not have come to its end.
      work.retry(table.oid());
    }
  }

  /**
   * Takes a name from the table that had it last, if that was another one.
   *
   * @return false when that table has it still
   */
  boolean free(TableName name, long taker, Moment moment) throws InterruptedException {
    SourceTable holder = schemas.holder(name, taker);
    if (holder == null) {
      return true;
    }
    SourceTable now = lookup.table(holder.oid());
    if (now == null) {
      drop(holder, moment);
    } else if (now.name().equals(name)) {
      return false;
    } else if (!selection.includes(now.name(), false)) {
      LOG.info("{} is now {}, which is not selected, and another table", name, now.name());
      drop(holder, moment);
      left(holder.oid());
    } else if (schemas.holder(now.name(), holder.oid()) != null) {
      // Two tables change their names in a circle, which no target can do in one step.
      LOG.info("{} and {} have changed names: the latter is loaded again", name, now.name());
      drop(holder, moment);
      work.retry(holder.oid());
    } else {
      rename(holder, now.name(), moment);
    }
    return true;
  }

  /** A table has left the selection: it has to be loaded when it comes back. */
  void left(long oid) {
    away.add(oid);
  }

  /** Tells that a table was dropped, or renamed, if that was not told. */
  void settle(long oid, Moment moment) throws InterruptedException {
    SourceTable known = schemas.told(oid);
    if (known == null) {
      return;
    }
    SourceTable now = lookup.table(oid);
    if (now == null) {
      drop(known, moment);
    } else if (!now.name().equals(known.name()) && free(now.name(), oid, moment)) {
      rename(known, now.name(), moment);
    }
  }

  private void drop(SourceTable table, Moment moment) throws InterruptedException {
    LOG.info("{} is not at the source any more", table.name());
    drop(table, moment, schemas.clock().next());
  }

  private void drop(SourceTable table, Moment moment, long micros) throws InterruptedException {
    schemas.forget(table.oid(), moment.position(), micros);
    Origin origin = moment.origin().withTimestamp(micros);
    handler.onEvent(TableChange.drop(table.name(), origin), table.schema());
  }

  private void rename(SourceTable table, TableName name, Moment moment)
      throws InterruptedException {
    LOG.info("{} was renamed to {}", table.name(), name);
    rename(table, name, moment, schemas.clock().next());
  }

  private void rename(SourceTable table, TableName name, Moment moment, long micros)
      throws InterruptedException {
    SourceTable renamed = table.withName(name);
    schemas.tell(renamed, moment.position(), micros);
    Origin origin = moment.origin().withTimestamp(micros);
    handler.onEvent(
        TableChange.renameTable(table.name(), renamed.schema(), origin), renamed.schema());
  }
}
