package io.dynapipe.source.postgres;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.PostgresSettings.Plugin;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL server as a source; where a task begins. The way of a task: {@link #tables}, {@link
 * #requireLogical}, {@link Publications#ensure}, {@link ReplicationSlots#create}, full load from
 * that snapshot, then a change stream from the slot. Opens a connection for each call. Thread-safe.
 */
public final class PostgresServer {

  private static final String INFO =
      """
      SELECT current_setting('server_version_num')::int, current_setting('server_version'),
             current_setting('wal_level'), pg_is_in_recovery(),
             CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                  ELSE pg_current_wal_lsn() END
      """;

  private final PostgresConnections connections;
  private final ReplicationSlots slots;
  private final PublishedTables publications;
  private final Plugin plugin;

  /** A server whose changes {@code pgoutput} decodes. */
  public PostgresServer(PostgresUrl url) {
    this(new PostgresConnections(url), Plugin.PGOUTPUT);
  }

  private PostgresServer(PostgresConnections connections, Plugin plugin) {
    this.connections = connections;
    this.plugin = plugin;
    slots = new ReplicationSlots(connections, plugin);
    publications =
        plugin == Plugin.PGLOGICAL
            ? new ReplicationSets(connections)
            : new Publications(connections);
  }

  /** The same server with another plugin. */
  public PostgresServer using(Plugin other) {
    return new PostgresServer(connections, other);
  }

  /** What decodes changes. */
  public Plugin plugin() {
    return plugin;
  }

  public PostgresConnections connections() {
    return connections;
  }

  public ReplicationSlots slots() {
    return slots;
  }

  public PublishedTables publications() {
    return publications;
  }

  /**
   * What the server tells of itself; also the way to test that it can be reached.
   *
   * @throws PipelineException (environment) when it cannot
   */
  public ServerInfo info() {
    try (Connection connection = connections.query()) {
      return info(connection);
    } catch (SQLException e) {
      throw PostgresErrors.during("read the server's settings", e);
    }
  }

  /**
   * Checks that changes can be captured at all.
   *
   * @throws PipelineException (environment) when {@code wal_level} is not {@code logical}
   */
  public void requireLogical() {
    ServerInfo info = info();
    if (!"logical".equals(info.walLevel())) {
      throw PostgresErrors.walLevel(
          "the source cannot capture changes: wal_level is " + info.walLevel() + ", not logical",
          null);
    }
  }

  /**
   * The selected tables by name; empty when nothing matches.
   *
   * @throws PipelineException (input) when a table that must exist does not
   */
  public List<SourceTable> tables(TableSelection selection) {
    try (Connection connection = connections.query()) {
      return new Catalog(connection, info(connection).versionNumber()).tables(selection);
    } catch (SQLException e) {
      throw PostgresErrors.during("read the catalogue", e);
    }
  }

  /** The names that relations have now, by oid; those that do not exist any more are missing. */
  public Map<Long, TableName> names(Collection<Long> oids) {
    try (Connection connection = connections.query()) {
      return RelationNames.of(connection, oids);
    } catch (SQLException e) {
      throw PostgresErrors.during("read the catalogue", e);
    }
  }

  /**
   * A snapshot without a slot: for a full load without CDC, and for what is left of a full load
   * that resumes, whose slot exists already.
   */
  public ExportedSnapshot exportSnapshot() {
    Connection connection = connections.query();
    try (Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      VisibleTransactions transactions = Snapshots.transactions(statement);
      try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
        row.next();
        return new ExportedSnapshot(
            connection, row.getString(1), transactions.position(), transactions);
      }
    } catch (SQLException e) {
      PipelineException failure = PostgresErrors.during("export a snapshot", e);
      try {
        connection.close();
      } catch (SQLException closing) {
        failure.addSuppressed(closing);
      }
      throw failure;
    }
  }

  private static ServerInfo info(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(INFO)) {
      row.next();
      return new ServerInfo(
          row.getInt(1),
          row.getString(2),
          row.getString(3),
          row.getBoolean(4),
          Lsn.parse(row.getString(5)));
    }
  }
}
