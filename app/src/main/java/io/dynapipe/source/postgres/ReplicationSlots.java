package io.dynapipe.source.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes, inspects and drops logical replication slots for one plugin. Thread-safe. */
public final class ReplicationSlots {

  private static final long POLL_MILLIS = 100;
  private static final int FAILOVER_SINCE = 17;

  private static final String STATE =
      """
      SELECT slot_name, plugin, database, active_pid, confirmed_flush_lsn, restart_lsn, wal_status,
             safe_wal_size,
             CASE WHEN restart_lsn IS NULL THEN 0 ELSE (pg_wal_lsn_diff(
               CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()
                    ELSE pg_current_wal_lsn() END, restart_lsn))::bigint END AS retained
      FROM pg_replication_slots WHERE slot_name = ? AND slot_type = 'logical'
      """;

  private final PostgresConnections connections;
  private final String plugin;

  /** Slots for {@code pgoutput}. */
  public ReplicationSlots(PostgresConnections connections) {
    this(connections, PostgresSettings.Plugin.PGOUTPUT);
  }

  ReplicationSlots(PostgresConnections connections, PostgresSettings.Plugin plugin) {
    this.connections = connections;
    this.plugin = plugin.outputPlugin();
  }

  /**
   * Makes a slot together with a snapshot of the moment from which it streams. Waits for
   * transactions that are open at the source to end.
   *
   * @param name lower-case letters, digits and underscores, at most 63
   * @return to be kept open until every reader of the full load has begun its transaction
   * @throws PipelineException (environment) when the server cannot or may not make one; (input)
   *     when the name is not allowed
   */
  public ExportedSnapshot create(String name) {
    requireName(name);
    Connection connection = connections.replication();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "CREATE_REPLICATION_SLOT "
                    + Sql.identifier(name)
                    + " LOGICAL "
                    + plugin
                    + options(connection.getMetaData().getDatabaseMajorVersion()))) {
      row.next();
      String snapshot = row.getString("snapshot_name");
      return new ExportedSnapshot(
          connection,
          snapshot,
          Lsn.parse(row.getString("consistent_point")),
          Snapshots.transactions(connections, snapshot));
    } catch (SQLException e) {
      throw closing(connection, PostgresErrors.during("create the replication slot " + name, e));
    }
  }

  /**
   * From 17 on the slot is also kept at standbys that synchronize slots, and outlives a failover.
   */
  private static String options(int major) {
    return major >= FAILOVER_SINCE ? " (SNAPSHOT 'export', FAILOVER)" : " EXPORT_SNAPSHOT";
  }

  /** The slot's state, or null when there is none of this name. */
  public @Nullable SlotState state(String name) {
    try (Connection connection = connections.query();
        PreparedStatement statement = connection.prepareStatement(STATE)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? read(row) : null;
      }
    } catch (SQLException e) {
      throw PostgresErrors.during("read the state of the replication slot " + name, e);
    }
  }

  /**
   * The state of a slot to stream from.
   *
   * @throws PipelineException (environment) when there is none, when it is lost, when it belongs to
   *     another database or plugin, or when another process streams from it
   * @param patience how long to wait while it is in use, since a server notices only after a while
   *     that a process which was killed is gone
   */
  public SlotState requireUsable(String name, Duration patience) throws InterruptedException {
    SlotState state = awaitRelease(name, patience);
    if (state == null) {
      throw PipelineException.environment(
          "the replication slot " + name + " does not exist",
          "Changes since it was dropped cannot be had any more: load again (reload-target).",
          null);
    }
    if (!state.plugin().equals(plugin) || !state.database().equals(connections.url().database())) {
      throw PipelineException.environment(
          "the replication slot "
              + name
              + " belongs to plugin "
              + state.plugin()
              + " and database "
              + state.database(),
          "Name another slot, or drop this one if nobody needs it.",
          null);
    }
    if (state.isLost()) {
      throw PipelineException.environment(
          "the replication slot " + name + " is lost: the server has removed WAL that it needs",
          "Drop the slot and load again (reload-target). Raise max_slot_wal_keep_size, or keep the"
              + " task running, so that it does not happen again.",
          null);
    }
    if (state.activePid() != null) {
      throw PipelineException.environment(
          "the replication slot " + name + " is in use by server process " + state.activePid(),
          "Stop the other task that streams from it, or end that process with SELECT"
              + " pg_terminate_backend("
              + state.activePid()
              + ").",
          null);
    }
    return state;
  }

  /**
   * Drops a slot, so that the source keeps no WAL for it any more; nothing happens when there is
   * none.
   *
   * @throws PipelineException (environment) when it is in use
   */
  public void drop(String name) throws InterruptedException {
    awaitRelease(name, Duration.ofSeconds(5));
    try (Connection connection = connections.query();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                    + " WHERE slot_name = ?")) {
      statement.setString(1, name);
      statement.execute();
    } catch (SQLException e) {
      throw PostgresErrors.during("drop the replication slot " + name, e);
    }
  }

  private @Nullable SlotState awaitRelease(String name, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    SlotState state = state(name);
    while (state != null && state.activePid() != null && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      state = state(name);
    }
    return state;
  }

  private static SlotState read(ResultSet row) throws SQLException {
    int pid = row.getInt("active_pid");
    Integer activePid = row.wasNull() ? null : (Integer) pid;
    long safe = row.getLong("safe_wal_size");
    Long safeBytes = row.wasNull() ? null : (Long) safe;
    String restart = row.getString("restart_lsn");
    String confirmed = row.getString("confirmed_flush_lsn");
    return new SlotState(
        row.getString("slot_name"),
        row.getString("plugin"),
        row.getString("database"),
        activePid,
        confirmed == null ? Lsn.NONE : Lsn.parse(confirmed),
        restart == null ? null : Lsn.parse(restart),
        row.getLong("retained"),
        row.getString("wal_status"),
        safeBytes);
  }

  private static void requireName(String name) {
    if (!name.matches("[a-z0-9_]{1,63}")) {
      throw PipelineException.input(
          "'" + name + "' cannot be the name of a replication slot",
          "Use lower-case letters, digits and underscores, at most 63.");
    }
  }

  private static PipelineException closing(Connection connection, PipelineException failure) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }
}
