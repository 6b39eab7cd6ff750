package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What must be told so that somebody who knows one definition of a table knows the next: rename of
 * the table, drops, renames of columns, additions, type changes; each step with the definition that
 * holds after it. Drops come before renames, since a name may have been freed for another column.
 * Columns are the same column when their attribute numbers are the same, whatever their names are.
 */
final class SchemaDiff {

  private final Origin origin;
  private final List<TableChange> changes = new ArrayList<>();
  private TableSchema schema;
  private List<SourceColumn> columns;

  private SchemaDiff(SourceTable from, Origin origin) {
    this.origin = origin;
    this.schema = from.schema();
    this.columns = from.columns();
  }

  /** The changes from one definition to the next, in the order to apply them. */
  static List<TableChange> between(SourceTable from, SourceTable to, Origin origin) {
    SchemaDiff diff = new SchemaDiff(from, origin);
    diff.renameTable(to);
    diff.dropColumns(to);
    diff.renameColumns(to);
    diff.addColumns(to);
    diff.changeTypes(to);
    diff.changeKey(to);
    return diff.changes;
  }

  private void renameTable(SourceTable to) {
    if (!schema.table().equals(to.name())) {
      TableSchema renamed = schema.withTable(to.name());
      changes.add(TableChange.renameTable(schema.table(), renamed, origin));
      schema = renamed;
    }
  }

  private void renameColumns(SourceTable to) {
    Map<String, String> newByOld = new LinkedHashMap<>();
    List<SourceColumn> renamed = new ArrayList<>();
    for (SourceColumn column : columns) {
      SourceColumn now = byAttribute(to.columns(), column.attribute());
      if (now != null && !now.name().equals(column.name())) {
        newByOld.put(column.name(), now.name());
        renamed.add(column.withName(now.name()));
      } else {
        renamed.add(column);
      }
    }
    if (!newByOld.isEmpty()) {
      List<String> key =
          schema.primaryKey().stream().map(name -> newByOld.getOrDefault(name, name)).toList();
      set(renamed, key);
      changes.add(TableChange.renameColumns(newByOld, schema, origin));
    }
  }

  private void dropColumns(SourceTable to) {
    List<SourceColumn> left =
        columns.stream().filter(c -> byAttribute(to.columns(), c.attribute()) != null).toList();
    if (left.size() < columns.size()) {
      List<String> names = left.stream().map(SourceColumn::name).toList();
      set(left, schema.primaryKey().stream().filter(names::contains).toList());
      changes.add(TableChange.of(TableOperation.DROP_COLUMN, schema, origin));
    }
  }

  private void addColumns(SourceTable to) {
    List<SourceColumn> grown = new ArrayList<>();
    for (SourceColumn column : to.columns()) {
      SourceColumn before = byAttribute(columns, column.attribute());
      grown.add(before == null ? column : before);
    }
    if (grown.size() > columns.size()) {
      set(grown, schema.primaryKey());
      changes.add(TableChange.of(TableOperation.ADD_COLUMN, schema, origin));
    }
  }

  private void changeTypes(SourceTable to) {
    boolean changed = false;
    for (SourceColumn column : columns) {
      SourceColumn now = byAttribute(to.columns(), column.attribute());
      changed |= now != null && !now.hasTypeOf(column);
    }
    if (changed) {
      set(to.columns(), schema.primaryKey());
      changes.add(TableChange.of(TableOperation.COLUMN_TYPE_CHANGE, schema, origin));
    }
  }

  private void changeKey(SourceTable to) {
    if (!schema.primaryKey().equals(to.schema().primaryKey())) {
      set(to.columns(), to.schema().primaryKey());
      changes.add(TableChange.of(TableOperation.CHANGE_COLUMNS, schema, origin));
    }
  }

  private void set(List<SourceColumn> newColumns, List<String> key) {
    columns = List.copyOf(newColumns);
    schema =
        new TableSchema(schema.table(), columns.stream().map(SourceColumn::column).toList(), key);
  }

  private static @Nullable SourceColumn byAttribute(List<SourceColumn> columns, int attribute) {
    for (SourceColumn column : columns) {
      if (column.attribute() == attribute) {
        return column;
      }
    }
    return null;
  }
}
