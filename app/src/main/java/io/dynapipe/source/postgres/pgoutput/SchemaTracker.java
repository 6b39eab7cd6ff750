package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.source.postgres.SchemaHistory;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which definition of each table has been told, and finds from a {@link Relation} what
 * has changed since. One thread at a time.
 */
final class SchemaTracker {

  private final Map<Long, SourceTable> told = new ConcurrentHashMap<>();
  private final TableLookup lookup;
  private final SchemaHistory history;

  /** Knows what the history has, and at the very first start what is given. */
  SchemaTracker(
      Collection<SourceTable> known, SchemaHistory history, Lsn start, TableLookup lookup) {
    this.lookup = lookup;
    this.history = history;
    history.before(start).forEach(table -> told.put(table.oid(), table));
    if (told.isEmpty()) {
      known.forEach(table -> tell(table, Lsn.NONE));
    }
  }

  /** Oids of the tables that have been told; any thread may ask. */
  Set<Long> toldOids() {
    return Set.copyOf(told.keySet());
  }

  /** A told table's oid, or null; any thread may ask. */
  @Nullable Long oid(TableName name) {
    for (SourceTable table : told.values()) {
      if (table.name().equals(name)) {
        return table.oid();
      }
    }
    return null;
  }

  /** The last definition told of a table; null when none was. */
  @Nullable SourceTable told(long oid) {
    return told.get(oid);
  }

  /**
   * A definition is about to be told by an event.
   *
   * @param position of the transaction that it belongs to
   */
  void tell(SourceTable table, Lsn position) {
    history.record(table.oid(), table, position);
    told.put(table.oid(), table);
  }

  /** A table's drop is about to be told. */
  void forget(long oid, Lsn position) {
    history.record(oid, null, position);
    told.remove(oid);
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
    if (known == null) {
      changes.addAll(dropOfPredecessor(relation, origin, position));
      changes.add(TableChange.create(now.schema(), origin));
    } else {
      changes.addAll(SchemaDiff.between(known, now, origin));
    }
    tell(now, position);
    boolean rewritten =
        known != null && (reader.addsDefaults() || Rewrites.changesValues(known, now));
    return new Resolved(relation, now, reader.tupleColumns(), changes, rewritten);
  }

  /**
   * Another table of this name that is gone: rows of the new one must not be mixed with its rows.
   */
  private List<TableChange> dropOfPredecessor(Relation relation, Origin origin, Lsn position) {
    for (SourceTable other : told.values()) {
      if (other.name().equals(relation.name()) && lookup.table(other.oid()) == null) {
        forget(other.oid(), position);
        return List.of(TableChange.drop(other.name(), origin));
      }
    }
    return List.of();
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
