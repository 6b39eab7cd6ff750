package io.dynapipe.sink.postgres;

import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the target table of a source table. What it found is kept until the record in {@code
 * dynapipe.tables} changes, in this process or in another. Thread-safe.
 */
final class Tables {

  /** Names for the aux column when the source has columns of these names itself. */
  private static final List<String> AUX_NAMES = List.of(TargetTable.AUX, "_aux", "__aux", "___aux");

  private static final int MAX_RENAMES = 100;

  private final PostgresSinkSettings settings;
  private final Map<TableName, TargetTable> known = new ConcurrentHashMap<>();

  Tables(PostgresSinkSettings settings) {
    this.settings = settings;
  }

  /** The target's name for a source table: DMS's control tables have no schema at the source. */
  static TableName targetName(TableName table) {
    if (!table.schema().isEmpty()) {
      return table;
    }
    return new TableName(table.name().startsWith("awsdms_") ? "dms" : "public", table.name());
  }

  Layout layoutFor(TableName table) {
    return settings.layoutOf(table);
  }

  /** Looks it up again next time. */
  void forget(TableName table) {
    known.remove(table);
  }

  void forgetAll() {
    known.clear();
  }

  /**
   * The table's record, or that of the table it was renamed to; null when it was never seen.
   *
   * @return a record whose name is the one that the table has now
   */
  static @Nullable TableRecord record(Connection connection, TableName table) throws SQLException {
    TableRecord record = Bookkeeping.find(connection, table);
    for (int i = 0; i < MAX_RENAMES && record != null && record.renamedTo() != null; i++) {
      record = Bookkeeping.find(connection, record.renamedTo());
    }
    return record;
  }

  /**
   * The target table, or null when there is none. A table of a person that was not seen before is
   * recorded as such.
   */
  @Nullable TargetTable find(Connection connection, TableName table) throws SQLException {
    TargetTable last = known.get(table);
    if (last != null && Bookkeeping.isCurrent(connection, last.record())) {
      return last;
    }
    TargetTable found = read(connection, table);
    if (found != null && found.record().table().equals(table)) {
      known.put(table, found);
    } else {
      known.remove(table);
    }
    return found;
  }

  private @Nullable TargetTable read(Connection connection, TableName table) throws SQLException {
    TableRecord record = record(connection, table);
    TableName name = targetName(record == null ? table : record.table());
    if (!Catalogue.exists(connection, name)) {
      return null;
    }
    return record == null ? adopt(connection, table, null, 0) : current(connection, record);
  }

  /** The table with its record; a table made anew by someone else under that name is adopted. */
  TargetTable current(Connection connection, TableRecord record) throws SQLException {
    TargetTable target = Catalogue.read(connection, targetName(record.table()), record);
    return target.oid() == record.oid()
        ? target
        : adopt(connection, record.table(), record.definition(), record.createdMicros());
  }

  /** Records a table that exists already, in the layout that its columns tell. */
  TargetTable adopt(
      Connection connection, TableName table, @Nullable TableSchema definition, long micros)
      throws SQLException {
    TableRecord unknown =
        TableRecord.of(table, false, layoutFor(table), null)
            .withDefinition(definition)
            .withCreatedMicros(micros);
    TargetTable target = Catalogue.read(connection, targetName(table), unknown);
    Layout layout = layoutOf(target, definition);
    String aux = layout == Layout.COLUMNS ? auxColumnOf(target, definition) : null;
    TableRecord record =
        Bookkeeping.save(connection, unknown.withTarget(target.oid(), false, layout, aux));
    if (definition == null || !definition.hasPrimaryKey()) {
      AppliedEvents.create(connection, record);
    }
    return target.withRecord(record);
  }

  /** A table whose columns bear the key's names holds columns; else {@code data} tells. */
  private Layout layoutOf(TargetTable target, @Nullable TableSchema definition) {
    boolean hasData = target.isJsonb(TargetTable.DATA);
    if (!hasData || (definition != null && holdsColumns(target, definition))) {
      return Layout.COLUMNS;
    }
    Layout wanted = layoutFor(target.record().table());
    return target.isJsonb(TargetTable.KEY) && wanted == Layout.UNIVERSAL
        ? Layout.UNIVERSAL
        : Layout.DOCUMENT;
  }

  private static boolean holdsColumns(TargetTable target, TableSchema definition) {
    List<String> names =
        definition.hasPrimaryKey() ? definition.primaryKey() : definition.columnNames().asList();
    return names.stream().allMatch(name -> target.column(name) != null);
  }

  private static @Nullable String auxColumnOf(
      TargetTable target, @Nullable TableSchema definition) {
    for (String name : AUX_NAMES) {
      if (target.isJsonb(name) && (definition == null || definition.column(name) == null)) {
        return name;
      }
    }
    return null;
  }

  /** A name for the aux column that no column of the source or of the target has. */
  static String newAuxColumn(@Nullable TargetTable target, @Nullable TableSchema definition) {
    StringBuilder name = new StringBuilder(TargetTable.AUX);
    while ((definition != null && definition.column(name.toString()) != null)
        || (target != null && target.column(name.toString()) != null)) {
      name.insert(0, '_');
    }
    return name.toString();
  }
}
