package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.TableSchema;
import io.dynapipe.source.postgres.CatalogAttribute;
import io.dynapipe.source.postgres.ReplicaIdentity;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.TableKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Works out a table's definition as of a {@link Relation}, which tells names and types but neither
 * attribute numbers nor NULLs. The catalogue tells those, but as of now: columns may have been
 * renamed, dropped or added since the change that is being decoded. Columns of a relation come in
 * the order of their attribute numbers, which settles the rest.
 */
final class RelationReader {

  private final Relation relation;
  private final @Nullable SourceTable known;
  private final @Nullable SourceTable current;
  private final List<CatalogAttribute> attributes;
  private final TableLookup lookup;
  private final List<SourceColumn> tupleColumns = new ArrayList<>();

  RelationReader(Relation relation, @Nullable SourceTable known, TableLookup lookup) {
    this.relation = relation;
    this.known = known;
    this.lookup = lookup;
    this.current = lookup.table(relation.oid());
    this.attributes = lookup.attributes(relation.oid());
    readColumns();
  }

  /** The columns of the relation's tuples, in their order. */
  List<SourceColumn> tupleColumns() {
    return List.copyOf(tupleColumns);
  }

  /**
   * The definition: the relation's columns, and those we told that still exist although this
   * relation lacks them (it is older than what we told, or the publication leaves them out).
   */
  SourceTable table() {
    List<SourceColumn> columns = new ArrayList<>(tupleColumns);
    Set<Integer> present = new HashSet<>();
    Set<String> names = new HashSet<>();
    columns.forEach(
        column -> {
          present.add(column.attribute());
          names.add(column.name());
        });
    for (SourceColumn column : known == null ? List.<SourceColumn>of() : known.columns()) {
      if (!present.contains(column.attribute())
          && isAlive(column.attribute())
          && names.add(column.name())) {
        columns.add(column);
      }
    }
    columns.sort(Comparator.comparingInt(SourceColumn::attribute));
    TableSchema schema =
        new TableSchema(
            relation.name(), columns.stream().map(SourceColumn::column).toList(), key(columns));
    SourceTable like = current != null ? current : known;
    return new SourceTable(
        relation.oid(),
        like == null ? TableKind.TABLE : like.kind(),
        identity(schema),
        columns,
        schema,
        like == null ? List.of() : like.parts());
  }

  /** Whether a column that was not known before may have values in rows that were there before. */
  boolean addsDefaults() {
    return known != null
        && attributes.stream()
            .filter(CatalogAttribute::hasDefault)
            .filter(attribute -> known.columns().stream().noneMatch(isNumber(attribute.number())))
            .anyMatch(attribute -> tupleColumns.stream().anyMatch(isNumber(attribute.number())));
  }

  private static Predicate<SourceColumn> isNumber(int number) {
    return column -> column.attribute() == number;
  }

  private void readColumns() {
    int[] numbers = new int[relation.columns().size()];
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = byName(relation.columns().get(i).name());
      taken.add(numbers[i]);
    }
    int last = 0;
    for (int i = 0; i < numbers.length; i++) {
      RelationColumn column = relation.columns().get(i);
      if (numbers[i] == 0) {
        numbers[i] = byPlace(column, last, taken);
        taken.add(numbers[i]);
      }
      last = Math.max(last, numbers[i]);
      tupleColumns.add(column(column, numbers[i]));
    }
  }

  private int byName(String name) {
    SourceColumn column = find(current, name);
    if (column == null) {
      column = find(known, name);
    }
    return column == null ? 0 : column.attribute();
  }

  /** The first attribute after its neighbour that no other column of the relation is. */
  private int byPlace(RelationColumn column, int after, Set<Integer> taken) {
    for (CatalogAttribute attribute : attributes) {
      boolean fits = attribute.isDropped() || attribute.typeOid() == column.typeOid();
      if (attribute.number() > after && fits && !taken.contains(attribute.number())) {
        return attribute.number();
      }
    }
    int fresh = after + 1;
    while (taken.contains(fresh)) {
      fresh++;
    }
    return fresh;
  }

  private SourceColumn column(RelationColumn column, int attribute) {
    for (SourceTable table : new SourceTable[] {current, known}) {
      if (table != null) {
        for (SourceColumn other : table.columns()) {
          if (other.attribute() == attribute
              && other.typeOid() == column.typeOid()
              && other.typmod() == column.typmod()) {
            return other.withName(column.name());
          }
        }
      }
    }
    return lookup.column(column.name(), attribute, column.typeOid(), column.typmod());
  }

  private boolean isAlive(int number) {
    return attributes.stream().anyMatch(a -> a.number() == number && !a.isDropped());
  }

  /**
   * The key's names in key order. Relations flag the columns without order, which the catalogue or
   * the definition told before has.
   */
  private List<String> key(List<SourceColumn> columns) {
    List<String> now = keyOf(current, columns);
    List<String> before = keyOf(known, columns);
    if (!SchemaTracker.tellsKey(relation)) {
      return now.isEmpty() ? before : now;
    }
    List<String> flagged =
        relation.columns().stream().filter(RelationColumn::key).map(RelationColumn::name).toList();
    for (List<String> ordered : List.of(now, before)) {
      if (flagged.isEmpty() || Set.copyOf(ordered).equals(Set.copyOf(flagged))) {
        return ordered;
      }
    }
    return flagged;
  }

  /** Another definition's key under the names that its columns have here. */
  private static List<String> keyOf(@Nullable SourceTable table, List<SourceColumn> columns) {
    List<String> names = new ArrayList<>();
    for (String name : table == null ? List.<String>of() : table.schema().primaryKey()) {
      SourceColumn other = find(table, name);
      for (SourceColumn column : columns) {
        if (other != null && column.attribute() == other.attribute()) {
          names.add(column.name());
        }
      }
    }
    return names;
  }

  private ReplicaIdentity identity(TableSchema schema) {
    if (relation.identity() == 'f') {
      return ReplicaIdentity.FULL;
    }
    if (relation.identity() == 'n' || !schema.hasPrimaryKey()) {
      return ReplicaIdentity.NOTHING;
    }
    return relation.identity() == 'i' ? ReplicaIdentity.INDEX : ReplicaIdentity.PRIMARY_KEY;
  }

  private static @Nullable SourceColumn find(@Nullable SourceTable table, String name) {
    for (SourceColumn column : table == null ? List.<SourceColumn>of() : table.columns()) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    return null;
  }
}
