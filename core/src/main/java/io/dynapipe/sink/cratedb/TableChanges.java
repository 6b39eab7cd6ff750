package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.FormerNames.Parting;
import io.dynapipe.sink.Layout;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies table changes so that applying them again changes nothing: each compares what is there
 * with what the event says. The registry is written before a table is made, and after one is
 * changed, so that a crash in between is repaired by the next try. Thread-safe.
 */
final class TableChanges {

  private final CrateClient client;
  private final Registry registry;
  private final OpenTables tables;
  private final Partings partings;
  private final CrateSettings.Tables settings;
  private final ColumnChanges columns;

  TableChanges(
      CrateClient client,
      Registry registry,
      OpenTables tables,
      Partings partings,
      CrateSettings.Tables settings) {
    this.client = client;
    this.registry = registry;
    this.tables = tables;
    this.partings = partings;
    this.settings = settings;
    this.columns = new ColumnChanges(client, tables);
  }

  /**
   * Applies a change.
   *
   * @param previous RENAME_TABLE: the old name in CrateDB
   */
  void apply(TableChange change, TableName target, @Nullable TableName previous) {
    synchronized (tables.lock(target)) {
      tables.forget(target);
      TableSchema schema = change.schema();
      long micros = change.origin().timestampMicros();
      switch (change.operation()) {
        case DROP_TABLE -> {
          if (settings.ddl()) {
            drop(target);
            partings.addDrop(change.table(), micros);
          }
        }
        case TRUNCATE_TABLE -> {
          if (settings.ddl()) {
            empty(target);
          }
        }
        case RENAME_TABLE -> {
          TableName source = change.previousTable();
          if (source != null && previous != null && schema != null) {
            Parting parting = new Parting(source, change.table(), micros);
            if (!partings.all().has(parting)) {
              rename(previous, target, schema, micros);
              partings.add(parting);
            }
          }
        }
        case CREATE_TABLE,
            ADD_COLUMN,
            DROP_COLUMN,
            RENAME_COLUMN,
            CHANGE_COLUMNS,
            COLUMN_TYPE_CHANGE -> {
          if (schema != null) {
            define(change, target, schema, micros);
          }
        }
      }
      tables.forget(target);
    }
  }

  private void define(TableChange change, TableName target, TableSchema schema, long micros) {
    Registry.Entry entry = registry.get(target);
    OpenTable table = tables.find(target);
    if (table != null && settings.ddl() && entry != null && entry.made()) {
      table = withKeyOf(table, schema);
    }
    if (table == null) {
      create(target, schema, micros);
      return;
    }
    if (settings.ddl()) {
      TableSchema old = entry == null ? null : entry.source();
      change(change, table, schema, old);
    }
    boolean made = entry != null && entry.made();
    Layout layout = entry == null ? settings.layout() : entry.layout();
    boolean creates = change.operation() == TableOperation.CREATE_TABLE;
    long changed = creates || entry == null ? micros : entry.changedMicros();
    registry.put(target, new Registry.Entry(made, layout, schema, null, changed));
    tables.forget(target);
    OpenTable defined = tables.find(target);
    if (defined != null && settings.ddl()) {
      declare(defined, schema);
    }
  }

  private void create(TableName target, TableSchema schema, long micros) {
    if (!settings.ddl()) {
      throw PipelineException.permanent(
          "CrateDB has no table " + target + ", and table changes are set to be ignored",
          "Make the table, or let Dynapipe apply table changes.",
          null);
    }
    registry.put(target, new Registry.Entry(true, settings.layout(), schema, null, micros));
    client.execute(tables.create().statement(target, schema, settings.layout()));
  }

  /**
   * The table, or null when it was dropped: an empty table of ours with another key is made anew.
   *
   * @throws PipelineException (permanent) when such a table holds rows
   */
  private @Nullable OpenTable withKeyOf(OpenTable table, TableSchema schema) {
    TargetTable target = table.target();
    Set<String> key = new HashSet<>();
    target.key().forEach(part -> key.add(part.source()));
    Set<String> renamed = new HashSet<>(schema.primaryKey());
    boolean same = key.size() == renamed.size();
    if (same) {
      return table;
    }
    client.execute("REFRESH TABLE " + target.sql());
    Object count = client.execute("SELECT count(*) FROM " + target.sql()).rows().get(0).get(0);
    if (!(count instanceof Number rows) || rows.longValue() != 0) {
      throw PipelineException.permanent(
          "the primary key of "
              + schema.table()
              + " is now "
              + schema.primaryKey()
              + ", but "
              + target.name()
              + " holds rows under "
              + key,
          "Load the table again (reload-target with DROP_AND_CREATE), so that it is made anew.",
          null);
    }
    client.execute("DROP TABLE " + target.sql());
    tables.forget(target.name());
    return null;
  }

  private void change(
      TableChange change, OpenTable table, TableSchema schema, @Nullable TableSchema old) {
    change.renamedColumns().forEach((from, to) -> columns.rename(table, schema, from, to));
    boolean drops =
        change.operation() == TableOperation.DROP_COLUMN
            || change.operation() == TableOperation.CHANGE_COLUMNS;
    if (drops && old != null) {
      for (Column column : old.columns()) {
        String name = column.name();
        boolean gone = schema.column(name) == null && !change.renamedColumns().containsKey(name);
        if (gone) {
          columns.drop(table, name);
        }
      }
    }
    for (Column column : schema.columns()) {
      columns.widen(table, schema.table(), column);
    }
  }

  /** Adds the columns that the definition has and the table lacks. */
  private void declare(OpenTable table, TableSchema schema) {
    Map<String, CrateType> types = new LinkedHashMap<>();
    TargetTable target = table.target();
    boolean aux = target.aux() == TargetTable.AuxPlace.COLUMN;
    for (Column column : schema.columns()) {
      boolean keyOnly = !target.keyInData() && target.isKey(column.name());
      if (target.type(column.name()) == null && !keyOnly) {
        CrateType type = tables.create().place(schema.table(), column, target.objectData(), aux);
        if (type != null) {
          types.put(column.name(), type);
        }
      }
    }
    if (!types.isEmpty()) {
      tables.add(table, types);
    }
  }

  private void drop(TableName target) {
    Registry.Entry entry = registry.get(target);
    if (entry != null && entry.made()) {
      client.execute("DROP TABLE IF EXISTS " + SqlText.table(target));
      registry.remove(target);
    } else {
      empty(target);
    }
  }

  /** Deletes all rows; without the refresh, those written last would stay. */
  private void empty(TableName target) {
    SqlAnswer answer = client.attempt("REFRESH TABLE " + SqlText.table(target));
    CrateError error = answer.error();
    if (error != null && error.isMissingTable()) {
      return;
    }
    client.execute("DELETE FROM " + SqlText.table(target));
    client.execute("REFRESH TABLE " + SqlText.table(target));
  }

  private void rename(TableName previous, TableName target, TableSchema schema, long micros) {
    tables.forget(previous);
    Registry.Entry old = registry.get(previous);
    boolean oldThere = RawTable.read(client, previous) != null;
    Registry.Entry present = registry.get(target);
    boolean newThere = RawTable.read(client, target) != null;
    if (!settings.ddl()) {
      registry.put(target, new Registry.Entry(false, settings.layout(), schema, null, micros));
      return;
    }
    if (!oldThere) {
      if (!newThere) {
        create(target, schema, micros);
      }
      return;
    }
    boolean begun = present != null && present.changedMicros() == micros;
    if (newThere && !begun) {
      throw occupied(previous, target);
    }
    boolean moved = newThere && previous.schema().equals(target.schema());
    if (moved || (old != null && old.changedMicros() > micros)) {
      // Renamed before, and the old name has been given to another table since.
      return;
    }
    boolean made = old != null && old.made();
    Layout layout = old == null ? settings.layout() : old.layout();
    registry.put(target, new Registry.Entry(made, layout, schema, null, micros));
    move(previous, target, schema, layout);
    registry.put(previous, new Registry.Entry(false, layout, null, target, micros));
  }

  private static PipelineException occupied(TableName previous, TableName target) {
    return PipelineException.permanent(
        "the source renamed "
            + previous
            + " to "
            + target
            + ", but CrateDB has a table of that name already",
        "Drop or rename CrateDB's table " + target + ", then retry (dynapipe quarantine retry).",
        null);
  }

  private void move(TableName previous, TableName target, TableSchema schema, Layout layout) {
    if (previous.schema().equals(target.schema())) {
      client.execute(
          "ALTER TABLE "
              + SqlText.table(previous)
              + " RENAME TO "
              + SqlText.identifier(target.name()));
    } else {
      // CrateDB renames within a schema only.
      client.execute(tables.create().statement(target, schema, layout));
      client.execute(
          "ALTER CLUSTER SWAP TABLE "
              + SqlText.table(previous)
              + " TO "
              + SqlText.table(target)
              + " WITH (drop_source = true)");
    }
  }
}
