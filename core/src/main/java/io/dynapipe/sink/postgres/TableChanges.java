package io.dynapipe.sink.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.FormerNames.Parting;
import io.dynapipe.sink.Layout;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies table changes, each in one transaction with what is recorded about it. */
final class TableChanges {

  private static final Logger LOG = LoggerFactory.getLogger(TableChanges.class);
  private static final String DEPENDENT_OBJECTS = "2BP01";

  private final Tables tables;

  TableChanges(Tables tables) {
    this.tables = tables;
  }

  /** Applies the change; that it was applied before changes nothing. */
  void apply(Connection connection, TableChange change) throws SQLException {
    Bookkeeping.lock(connection);
    switch (change.operation()) {
      case CREATE_TABLE -> create(connection, change);
      case DROP_TABLE -> {
        drop(connection, change.table());
        Partings.addDrop(connection, change.table(), change.origin().timestampMicros());
      }
      case TRUNCATE_TABLE -> truncate(connection, change.table());
      case RENAME_TABLE -> rename(connection, change);
      case ADD_COLUMN, DROP_COLUMN, RENAME_COLUMN, CHANGE_COLUMNS, COLUMN_TYPE_CHANGE ->
          alter(connection, change);
    }
  }

  private void create(Connection connection, TableChange change) throws SQLException {
    TableSchema schema = definition(change);
    TableName name = Tables.targetName(schema.table());
    TableRecord record = Bookkeeping.find(connection, schema.table());
    if (record != null && record.renamedTo() != null) {
      // The name belonged to a table that was renamed; from now on it is another table's.
      Bookkeeping.delete(connection, schema.table());
      record = null;
    }
    if (!Catalogue.exists(connection, name)) {
      make(connection, change, schema);
      return;
    }
    TargetTable target =
        record == null
            ? tables.adopt(connection, schema.table(), schema, change.origin().timestampMicros())
            : tables.current(connection, record);
    alter(connection, change, schema, target);
  }

  private void make(Connection connection, TableChange change, TableSchema schema)
      throws SQLException {
    TableName name = Tables.targetName(schema.table());
    requireName(name);
    Layout layout = tables.layoutFor(schema.table());
    String aux = layout == Layout.COLUMNS ? Tables.newAuxColumn(null, schema) : null;
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + Sql.name(name.schema()));
    }
    LayoutChanges.of(layout).create(connection, name, schema, Objects.requireNonNullElse(aux, ""));
    TableRecord record =
        TableRecord.of(schema.table(), true, layout, aux)
            .withDefinition(schema)
            .withCreatedMicros(change.origin().timestampMicros());
    long oid = Catalogue.read(connection, name, record).oid();
    TableRecord saved = Bookkeeping.save(connection, record.withTarget(oid, true, layout, aux));
    if (!schema.hasPrimaryKey()) {
      AppliedEvents.create(connection, saved);
    }
  }

  private static void requireName(TableName name) {
    if (name.schema().equals("dynapipe")) {
      throw PipelineException.permanent(
          "the source table "
              + name
              + " would land in the target's schema dynapipe, which holds"
              + " the sink's own tables",
          "Rename the schema with a mapping rule.",
          null);
    }
    if (!Sql.isName(name.schema()) || !Sql.isName(name.name())) {
      throw PipelineException.permanent(
          "PostgreSQL has no names longer than 63 bytes, such as that of the source table " + name,
          "Rename the table or its schema with a mapping rule.",
          null);
    }
  }

  private static TableSchema definition(TableChange change) {
    TableSchema schema = change.schema();
    if (schema == null) {
      throw PipelineException.permanent(
          "the event "
              + change.operation()
              + " of "
              + change.table()
              + " came without a definition",
          "Set IncludeControlDetails of the Kinesis endpoint to true and load the table again.",
          null);
    }
    return schema;
  }

  private void drop(Connection connection, TableName table) throws SQLException {
    TableRecord record = Bookkeeping.find(connection, table);
    if (record != null && record.renamedTo() != null) {
      Bookkeeping.delete(connection, table);
      return;
    }
    TargetTable target = tables.find(connection, table);
    if (target != null) {
      if (!target.record().createdByUs() || !dropOurs(connection, target)) {
        empty(connection, target);
      }
      AppliedEvents.drop(connection, target.record());
    }
    Bookkeeping.delete(connection, table);
  }

  /** Drops the table unless something of a person's, a view for example, depends on it. */
  private static boolean dropOurs(Connection connection, TargetTable target) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE " + target.sql());
      return true;
    } catch (SQLException e) {
      if (!DEPENDENT_OBJECTS.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(before);
      LOG.warn("{} is emptied, not dropped: {}", target.name(), e.getMessage());
      return false;
    }
  }

  private static void empty(Connection connection, TargetTable target) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE TABLE " + target.sql());
    }
  }

  private void truncate(Connection connection, TableName table) throws SQLException {
    TargetTable target = tables.find(connection, table);
    if (target != null) {
      empty(connection, target);
      AppliedEvents.truncate(connection, target.record());
    }
  }

  private void rename(Connection connection, TableChange change) throws SQLException {
    TableName previous = change.previousTable();
    if (previous == null) {
      throw PipelineException.permanent(
          "the event RENAME_TABLE of " + change.table() + " does not tell the previous name",
          "Load the table " + change.table() + ".",
          null);
    }
    TableRecord old = Bookkeeping.find(connection, previous);
    boolean applied = wasRenamed(connection, change, old);
    Parting parting = new Parting(previous, change.table(), change.origin().timestampMicros());
    if (!applied && Partings.read(connection).has(parting)) {
      // The table has been renamed once more since, or dropped; both are still to come.
      return;
    }
    Partings.add(connection, parting);
    if (!applied && Catalogue.exists(connection, Tables.targetName(previous))) {
      renameTarget(connection, change, previous);
    }
    if (change.schema() != null) {
      alter(connection, change);
    }
  }

  /** Whether this very event was applied before; clears what a replay left under the old name. */
  private boolean wasRenamed(Connection connection, TableChange change, @Nullable TableRecord old)
      throws SQLException {
    TableRecord record = Bookkeeping.find(connection, change.table());
    long micros = change.origin().timestampMicros();
    if (record == null || record.renamedMicros() != micros) {
      return false;
    }
    if (old != null
        && old.renamedTo() == null
        && old.createdByUs()
        && Math.max(old.createdMicros(), old.renamedMicros()) < micros) {
      // A replay made the old table again. The renamed one holds all its rows, and newer ones.
      drop(connection, old.table());
    }
    return true;
  }

  private void renameTarget(Connection connection, TableChange change, TableName previous)
      throws SQLException {
    TargetTable target = Objects.requireNonNull(tables.find(connection, previous));
    TableName name = Tables.targetName(change.table());
    requireName(name);
    if (Catalogue.exists(connection, name)) {
      throw PipelineException.permanent(
          "the source table "
              + previous
              + " was renamed to "
              + change.table()
              + ", but the target has a table of that name already",
          "Drop or rename the target's table " + name + ", then resume.",
          null);
    }
    try (Statement statement = connection.createStatement()) {
      if (!name.schema().equals(target.name().schema())) {
        statement.execute("CREATE SCHEMA IF NOT EXISTS " + Sql.name(name.schema()));
        statement.execute("ALTER TABLE " + target.sql() + " SET SCHEMA " + Sql.name(name.schema()));
      }
      if (!name.name().equals(target.name().name())) {
        TableName moved = new TableName(name.schema(), target.name().name());
        statement.execute(
            "ALTER TABLE " + Sql.table(moved) + " RENAME TO " + Sql.name(name.name()));
      }
    }
    Bookkeeping.delete(connection, change.table());
    Bookkeeping.rename(
        connection, target.record(), change.table(), change.origin().timestampMicros());
    tables.forgetAll();
  }

  private void alter(Connection connection, TableChange change) throws SQLException {
    TableSchema schema = definition(change);
    TargetTable target = tables.find(connection, schema.table());
    if (target == null) {
      make(connection, change, schema);
    } else {
      alter(connection, change, schema, target);
    }
  }

  private void alter(
      Connection connection, TableChange change, TableSchema newSchema, TargetTable target)
      throws SQLException {
    // A replay may come under a name that the table has no longer.
    TableSchema schema = newSchema.withTable(target.record().table());
    if (KeyChange.changes(target.definition(), schema, change)) {
      if (!target.record().createdByUs() || KeyChange.hasRows(connection, target)) {
        throw KeyChange.refusal(target, schema);
      }
      drop(connection, target.record().table());
      make(connection, change, schema);
      return;
    }
    String aux = LayoutChanges.of(target.layout()).alter(connection, target, schema, change);
    if (!schema.hasPrimaryKey()) {
      AppliedEvents.create(connection, target.record());
    }
    TableRecord changed =
        target
            .record()
            .withDefinition(schema)
            .withTarget(target.oid(), target.record().createdByUs(), target.layout(), aux);
    if (!changed.equals(target.record())) {
      Bookkeeping.save(connection, changed);
    }
  }
}
