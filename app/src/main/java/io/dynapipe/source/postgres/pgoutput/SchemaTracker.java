package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which definition of each table has been told, and finds from a {@link Relation} what
 * has changed since. One thread at a time.
 */
final class SchemaTracker {

  private final Map<Long, SourceTable> told = new HashMap<>();
  private final TableLookup lookup;

  SchemaTracker(Collection<SourceTable> known, TableLookup lookup) {
    known.forEach(table -> told.put(table.oid(), table));
    this.lookup = lookup;
  }

  /** The last definition told of a table; null when none was. */
  @Nullable SourceTable told(long oid) {
    return told.get(oid);
  }

  /** The definition is told by somebody else, or the table is to be told anew. */
  void tell(SourceTable table) {
    told.put(table.oid(), table);
  }

  /**
   * What a relation means.
   *
   * @param origin of the changes
   */
  Resolved resolve(Relation relation, Origin origin) {
    SourceTable known = told.get(relation.oid());
    if (known != null && matches(relation, known)) {
      return new Resolved(relation, known, known.columns(), List.of());
    }
    RelationReader reader = new RelationReader(relation, known, lookup);
    SourceTable now = reader.table();
    List<TableChange> changes =
        known == null
            ? List.of(TableChange.create(now.schema(), origin))
            : SchemaDiff.between(known, now, origin);
    told.put(relation.oid(), now);
    return new Resolved(relation, now, reader.tupleColumns(), changes);
  }

  /**
   * What rows of a relation look like and what must be told first.
   *
   * @param table the definition as of this relation
   * @param tupleColumns the columns of its tuples; some of the table's may be missing
   */
  record Resolved(
      Relation relation,
      SourceTable table,
      List<SourceColumn> tupleColumns,
      List<TableChange> changes) {

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
