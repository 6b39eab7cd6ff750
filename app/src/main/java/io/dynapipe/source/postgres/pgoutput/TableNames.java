package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.source.EventHandler;
import io.dynapipe.source.TableSelection;
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
    schemas.forget(table.oid(), moment.position());
    handler.onEvent(TableChange.drop(table.name(), moment.origin()), table.schema());
  }

  private void rename(SourceTable table, TableName name, Moment moment)
      throws InterruptedException {
    LOG.info("{} was renamed to {}", table.name(), name);
    SourceTable renamed = table.withName(name);
    schemas.tell(renamed, moment.position());
    handler.onEvent(
        TableChange.renameTable(table.name(), renamed.schema(), moment.origin()), renamed.schema());
  }
}
