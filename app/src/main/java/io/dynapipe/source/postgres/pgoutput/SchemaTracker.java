package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.source.postgres.SchemaHistory;
import io.dynapipe.source.postgres.SchemaHistory.Telling;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which definition of each table has been told, and finds from a {@link Relation} what
 * has changed since. One thread at a time.
 */
final class SchemaTracker {

  private final Map<Long, SourceTable> told = new ConcurrentHashMap<>();
  private final TableLookup lookup;
  private final SchemaHistory history;
  private final EventClock clock;

  /** What was told before, behind the place where the stream begins now: it may be lost, or not. */
  private final Deque<Telling> again = new ConcurrentLinkedDeque<>();

  /** What was told at the last position at which something was. */
  private final List<Telling> lastTold = new ArrayList<>();

  private Lsn lastPosition = Lsn.NONE;
  private int namesVersion;

  /** Knows what the history has, and at the very first start what is given. */
  SchemaTracker(
      Collection<SourceTable> known,
      SchemaHistory history,
      Lsn start,
      TableLookup lookup,
      Clock clock) {
    this.lookup = lookup;
    this.history = history;
    history.before(start).forEach(table -> told.put(table.oid(), table));
    long lastMicros = 0;
    List<Telling> later = new ArrayList<>();
    for (Telling telling : history.all()) {
      if (telling.isBefore(start)) {
        lastMicros = Math.max(lastMicros, telling.micros());
      } else {
        later.add(telling);
      }
    }
    // Of several processes that have ended: the later ones may have told what comes earlier.
    later.sort(Comparator.comparing(Telling::position).thenComparing(Telling::micros));
    again.addAll(later);
    this.clock = new EventClock(clock, lastMicros);
    limitClock();
    if (told.isEmpty()) {
      known.forEach(table -> tell(table, Lsn.NONE, 0));
    }
  }

  private void limitClock() {
    Telling next = again.peek();
    // The first versions did not record times.
    clock.limit(next == null || next.micros() == 0 ? Long.MAX_VALUE : next.micros() - 1);
  }

  /** The time of events. */
  EventClock clock() {
    return clock;
  }

  /** Whether something was told behind the present position by a process that has ended. */
  boolean hasAgain() {
    return !again.isEmpty();
  }

  /** Takes the next of these up to a position, or null. */
  @Nullable Telling takeAgain(Lsn position) {
    Telling next = again.peek();
    if (next == null || next.position().compareTo(position) > 0) {
      return null;
    }
    again.remove();
    limitClock();
    return next;
  }

  /** It has been told again, or does not have to be. */
  void doneAgain(Telling telling) {
    history.forget(telling);
  }

  /** The names of the tables that have been told, or will be again, by oid; any thread may ask. */
  Map<Long, TableName> toldNames() {
    Map<Long, TableName> names = new HashMap<>();
    for (Telling telling : again) {
      if (telling.table() != null) {
        names.put(telling.oid(), telling.table().name());
      }
    }
    told.forEach((oid, table) -> names.put(oid, table.name()));
    return names;
  }

  /** A told table's oid, or null; any thread may ask. */
  @Nullable Long oid(TableName name) {
    SourceTable table = holder(name, 0);
    return table == null ? null : table.oid();
  }

  /** The last definition told of a table; null when none was. */
  @Nullable SourceTable told(long oid) {
    return told.get(oid);
  }

  /** A told table of this name, other than one; null when there is none. */
  @Nullable SourceTable holder(TableName name, long except) {
    for (SourceTable table : told.values()) {
      if (table.oid() != except && table.name().equals(name)) {
        return table;
      }
    }
    return null;
  }

  /**
   * A definition is about to be told by an event.
   *
   * @param position of the transaction that it belongs to, or of the last one before
   * @param micros time of the event
   */
  void tell(SourceTable table, Lsn position, long micros) {
    record(new Telling(table.oid(), table, position, micros));
    SourceTable before = told.put(table.oid(), table);
    if (before == null || !before.name().equals(table.name())) {
      namesVersion++;
    }
  }

  /** A table's drop is about to be told. */
  void forget(long oid, Lsn position, long micros) {
    record(new Telling(oid, null, position, micros));
    told.remove(oid);
    namesVersion++;
  }

  /** Another one each time when a name was told of another table, or of none any more. */
  int namesVersion() {
    return namesVersion;
  }

  private void record(Telling telling) {
    if (!telling.position().equals(lastPosition)) {
      lastPosition = telling.position();
      lastTold.clear();
    }
    lastTold.add(telling);
    history.record(telling);
    clock.told(telling.micros());
  }

  /**
   * All that was told is durable: a restart at this very position must not tell it again, as it
   * must what may have been lost.
   */
  void durable() {
    Lsn before = lastPosition.isNone() ? Lsn.NONE : new Lsn(lastPosition.value() - 1);
    for (Telling telling : lastTold) {
      history.record(new Telling(telling.oid(), telling.table(), before, telling.micros()));
      history.forget(telling);
    }
    lastTold.clear();
  }

  /**
   * What a relation means.
   *
   * @param origin of the changes
   * @param position of the transaction that they belong to
   */
  Resolved resolve(Relation relation, Origin origin, Lsn position) {
    SourceTable known = told.get(relation.oid());
    if (known != null && matches(relation, known)) {
      return new Resolved(relation, known, known.columns(), List.of(), false);
    }
    RelationReader reader = new RelationReader(relation, known, lookup);
    SourceTable now = reader.table();
    List<TableChange> changes = new ArrayList<>();
    Origin toldAt = origin;
    if (known == null) {
      changes.add(TableChange.create(now.schema(), origin));
    } else {
      boolean renamed = !known.name().equals(now.name());
      toldAt = renamed ? origin.withTimestamp(clock.next()) : origin;
      changes.addAll(SchemaDiff.between(known, now, toldAt));
    }
    tell(now, position, toldAt.timestampMicros());
    boolean rewritten =
        known != null && (reader.addsDefaults() || Rewrites.changesValues(known, now));
    return new Resolved(relation, now, reader.tupleColumns(), changes, rewritten);
  }

  /**
   * What rows of a relation look like and what must be told first.
   *
   * @param table the definition as of this relation
   * @param tupleColumns the columns of its tuples; some of the table's may be missing
   * @param rewritten whether the change of definition may have given values to rows that exist
   */
  record Resolved(
      Relation relation,
      SourceTable table,
      List<SourceColumn> tupleColumns,
      List<TableChange> changes,
      boolean rewritten) {

    TableShape shape() {
      return new TableShape(table, tupleColumns, identity(relation));
    }
  }

  private static boolean matches(Relation relation, SourceTable known) {
    List<RelationColumn> columns = relation.columns();
    if (!relation.name().equals(known.name()) || columns.size() != known.columns().size()) {
      return false;
    }
    Set<String> key = new HashSet<>();
    for (int i = 0; i < columns.size(); i++) {
      RelationColumn column = columns.get(i);
      SourceColumn other = known.columns().get(i);
      if (!column.name().equals(other.name())
          || column.typeOid() != other.typeOid()
          || column.typmod() != other.typmod()) {
        return false;
      }
      if (column.key()) {
        key.add(column.name());
      }
    }
    return !tellsKey(relation)
        || key.isEmpty()
        || key.equals(Set.copyOf(known.schema().primaryKey()));
  }

  /** With FULL and NOTHING the key flags do not tell which columns identify rows. */
  static boolean tellsKey(Relation relation) {
    return relation.identity() == 'd' || relation.identity() == 'i';
  }

  /** For each column of a relation's tuples, whether old rows tell it. */
  private static boolean[] identity(Relation relation) {
    boolean[] identity = new boolean[relation.columns().size()];
    for (int i = 0; i < identity.length; i++) {
      identity[i] = relation.columns().get(i).key();
    }
    return identity;
  }
}
