package io.dynapipe.sink.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Bookmarks;
import io.dynapipe.sink.FormerNames;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.Quarantine;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL database as target. Each {@link #write} is one transaction, each table change is one
 * with what is recorded about it. Thread-safe; connects when first used.
 */
public final class PostgresSink implements Sink {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresSink.class);

  private final Database database;
  private final Tables tables;
  private final TableChanges changes;
  private final Quarantine quarantine;
  private volatile @Nullable FormerNames names;
  private final Bookmarks bookmarks;

  public PostgresSink(PostgresSinkSettings settings) {
    this.database = new Database(settings.url(), settings.retry());
    this.tables = new Tables(settings);
    this.changes = new TableChanges(tables);
    this.quarantine = new PostgresQuarantine(database);
    this.bookmarks = new PostgresBookmarks(database);
  }

  @Override
  public void apply(TableChange change) {
    String doing = "applying " + change.operation() + " to " + change.table();
    try {
      database.change(
          doing,
          connection -> {
            // What a failed try has learned may have been rolled back.
            tables.forgetAll();
            Bookkeeping.ensure(connection);
            changes.apply(connection, change);
          });
    } finally {
      names = null;
      tables.forgetAll();
    }
  }

  @Override
  public void forgetTables() {
    names = null;
    tables.forgetAll();
  }

  @Override
  public @Nullable TableSchema schema(TableName table) {
    return database
        .inTransaction(
            "reading the definition of " + table,
            connection -> {
              Bookkeeping.ensure(connection);
              return Optional.ofNullable(tables.find(connection, table));
            })
        .map(target -> definition(table, target))
        .orElse(null);
  }

  private static @Nullable TableSchema definition(TableName table, TargetTable target) {
    TableSchema definition = target.definition();
    if (definition != null) {
      return definition.withTable(table);
    }
    return target.layout() == Layout.COLUMNS ? DerivedDefinition.of(table, target) : null;
  }

  @Override
  public @Nullable TableName tableAt(TableName table, long eventMicros) {
    return formerNames().at(table, eventMicros);
  }

  @Override
  public boolean hasDropped(TableName table, long eventMicros) {
    return formerNames().has(new FormerNames.Parting(table, null, eventMicros));
  }

  private FormerNames formerNames() {
    FormerNames all = names;
    if (all == null) {
      all =
          database.inTransaction(
              "reading which tables were renamed or dropped",
              connection -> {
                Bookkeeping.ensure(connection);
                return Partings.read(connection);
              });
      names = all;
    }
    return all;
  }

  @Override
  public List<RowFailure> write(TableName table, List<RowWrite> writes) {
    if (writes.isEmpty()) {
      return List.of();
    }
    String doing = "writing " + writes.size() + " rows to " + table;
    try {
      return database.inTransaction(doing, connection -> write(connection, table, writes));
    } catch (PipelineException e) {
      if (e.kind() != PipelineException.Kind.PERMANENT) {
        throw e;
      }
      // Perhaps someone changed the table since it was looked at.
      tables.forget(table);
      return database.inTransaction(doing, connection -> write(connection, table, writes));
    }
  }

  private List<RowFailure> write(Connection connection, TableName table, List<RowWrite> writes)
      throws SQLException {
    Bookkeeping.ensure(connection);
    TargetTable target = tables.find(connection, table);
    if (target == null) {
      throw PipelineException.permanent(
          "the target has no table " + table + ", and no event has told its definition",
          "Let the stream begin with the table's create-table event (IncludeControlDetails), or"
              + " make the table.",
          null);
    }
    try {
      return BatchWriter.write(connection, target, writes);
    } catch (RowFormat.AuxNeeded e) {
      LOG.info("adding a column aux to {}: {}", target.name(), e.getMessage());
      return BatchWriter.write(connection, addAux(connection, target), writes);
    }
  }

  /** Gives a person's table the column without which a value would be lost. */
  private TargetTable addAux(Connection connection, TargetTable target) throws SQLException {
    boolean isDocument = target.layout() != Layout.COLUMNS;
    String name = isDocument ? TargetTable.AUX : Tables.newAuxColumn(target, target.definition());
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "ALTER TABLE " + target.sql() + " ADD COLUMN IF NOT EXISTS " + Sql.name(name) + " jsonb");
    }
    tables.forget(target.record().table());
    TableRecord record =
        Bookkeeping.save(
            connection,
            target
                .record()
                .withTarget(
                    target.oid(),
                    target.record().createdByUs(),
                    target.layout(),
                    isDocument ? null : name));
    return Catalogue.read(connection, target.name(), record);
  }

  @Override
  public Quarantine quarantine() {
    return quarantine;
  }

  @Override
  public Bookmarks bookmarks() {
    return bookmarks;
  }

  @Override
  public void close() {
    database.close();
  }
}
