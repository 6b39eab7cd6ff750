package io.dynapipe.source.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes and drops replication sets of the extension pglogical, two for a task as with publications:
 * the second one has no updates and deletes, and holds the tables without replica identity.
 *
 * @see <a href="https://github.com/2ndQuadrant/pglogical#replication-sets">Replication sets</a>
 */
final class ReplicationSets implements PublishedTables {

  private static final String NODE = "dynapipe";

  private final PostgresConnections connections;

  ReplicationSets(PostgresConnections connections) {
    this.connections = connections;
  }

  @Override
  public List<String> ensure(String name, List<SourceTable> tables) {
    tables.forEach(ReplicationSets::check);
    String inserts = name + Publications.INSERTS_SUFFIX;
    try (Connection connection = connections.query()) {
      connection.setAutoCommit(false);
      if (rows(connection, "SELECT FROM pg_extension WHERE extname = 'pglogical'") == 0) {
        throw PipelineException.environment(
            "the database "
                + connections.url().database()
                + " of the source has no extension pglogical",
            "Install it (Debian: postgresql-15-pglogical), add pglogical to"
                + " shared_preload_libraries, restart the server, and run CREATE EXTENSION"
                + " pglogical; or use the plugin pgoutput, which needs no extension.",
            null);
      }
      if (rows(connection, "SELECT FROM pglogical.local_node") == 0) {
        rows(
            connection,
            "SELECT pglogical.create_node(?, ?)",
            NODE,
            "dbname=" + connections.url().database());
      }
      put(connection, name, true, Publications.withIdentity(tables, true));
      put(connection, inserts, false, Publications.withIdentity(tables, false));
      RelationNames.requireUnchanged(connection, tables);
      connection.commit();
      return List.of(name, inserts);
    } catch (SQLException e) {
      throw PostgresErrors.during("make the replication set " + name, e);
    }
  }

  private static void check(SourceTable table) {
    String reason = null;
    if (table.kind() == TableKind.PARTITIONED) {
      reason = "is partitioned";
    } else if (table.identity() == ReplicaIdentity.FULL) {
      reason = "has REPLICA IDENTITY FULL";
    }
    if (reason != null) {
      throw PipelineException.environment(
          table.name() + " " + reason + ", which pglogical does not replicate",
          "Use the plugin pgoutput, or leave the table out.",
          null);
    }
  }

  private static void put(
      Connection connection, String set, boolean changes, List<SourceTable> tables)
      throws SQLException {
    if (rows(connection, "SELECT FROM pglogical.replication_set WHERE set_name = ?", set) == 0) {
      rows(
          connection,
          "SELECT pglogical.create_replication_set(?, true, "
              + changes
              + ", "
              + changes
              + ", true)",
          set);
    }
    Set<TableName> present = members(connection, set);
    List<TableName> wanted = new ArrayList<>();
    for (SourceTable table : tables) {
      wanted.add(table.name());
      if (!present.contains(table.name())) {
        rows(
            connection,
            "SELECT pglogical.replication_set_add_table(?, ?::regclass)",
            set,
            Sql.table(table.name()));
      }
    }
    present.removeAll(wanted);
    for (TableName table : present) {
      rows(
          connection,
          "SELECT pglogical.replication_set_remove_table(?, ?::regclass)",
          set,
          Sql.table(table));
    }
  }

  private static Set<TableName> members(Connection connection, String set) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT nspname, relname FROM pglogical.tables WHERE set_name = ?")) {
      statement.setString(1, set);
      try (ResultSet row = statement.executeQuery()) {
        Set<TableName> members = new HashSet<>();
        while (row.next()) {
          members.add(new TableName(row.getString(1), row.getString(2)));
        }
        return members;
      }
    }
  }

  /** How many rows a query gives. */
  private static int rows(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        int count = 0;
        while (row.next()) {
          count++;
        }
        return count;
      }
    }
  }

  @Override
  public void drop(String name) {
    try (Connection connection = connections.query()) {
      if (rows(connection, "SELECT FROM pg_extension WHERE extname = 'pglogical'") > 0) {
        for (String set : List.of(name, name + Publications.INSERTS_SUFFIX)) {
          rows(connection, "SELECT pglogical.drop_replication_set(?, true)", set);
        }
      }
    } catch (SQLException e) {
      throw PostgresErrors.during("drop the replication set " + name, e);
    }
  }
}
