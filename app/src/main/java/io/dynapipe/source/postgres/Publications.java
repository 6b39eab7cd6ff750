package io.dynapipe.source.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes and drops publications. Thread-safe.
 *
 * <p>A task has two of them. The first publishes every operation. The second, with the suffix
 * {@link #INSERTS_SUFFIX}, publishes inserts and truncates only and holds the tables without
 * replica identity: in the first, PostgreSQL would refuse UPDATE and DELETE on them to the
 * applications of the source. Both are made before the slot, also when they are empty, because
 * {@code pgoutput} looks them up as they were when the change was written and fails where one did
 * not exist yet.
 */
public final class Publications implements PublishedTables {

  static final String INSERTS_SUFFIX = "_inserts";

  /** By this comment we know our own, which we may change and drop. */
  private static final String MARK = "made by dynapipe";

  private static final String ALL_OPERATIONS = "insert, update, delete, truncate";
  private static final String INSERTS_ONLY = "insert, truncate";

  private final PostgresConnections connections;

  public Publications(PostgresConnections connections) {
    this.connections = connections;
  }

  /**
   * Makes the publications of a task, or brings those that it made before to these tables. A
   * publication of this name that somebody else made is used as it is, provided that it holds every
   * table.
   *
   * @return what to stream: one name or two
   * @throws PipelineException (environment) when the role may not make them, or when somebody
   *     else's publication lacks a table
   */
  @Override
  public List<String> ensure(String name, List<SourceTable> tables) {
    try (Connection connection = connections.query()) {
      connection.setAutoCommit(false);
      List<String> names = ensure(connection, name, tables);
      RelationNames.requireUnchanged(connection, tables);
      connection.commit();
      return names;
    } catch (SQLException e) {
      throw PostgresErrors.during("create the publication " + name, e);
    }
  }

  /** Drops the publications of this name if we made them; nothing happens when there are none. */
  @Override
  public void drop(String name) {
    try (Connection connection = connections.query();
        Statement statement = connection.createStatement()) {
      for (String each : List.of(name, name + INSERTS_SUFFIX)) {
        Existing existing = find(connection, each);
        if (existing != null && existing.ours()) {
          statement.execute("DROP PUBLICATION " + Sql.identifier(each));
        }
      }
    } catch (SQLException e) {
      throw PostgresErrors.during("drop the publication " + name, e);
    }
  }

  private List<String> ensure(Connection connection, String name, List<SourceTable> tables)
      throws SQLException {
    Existing existing = find(connection, name);
    if (existing != null && !existing.ours()) {
      requireAll(connection, existing, tables);
      return List.of(name);
    }
    String inserts = name + INSERTS_SUFFIX;
    put(connection, name, ALL_OPERATIONS, withIdentity(tables, true));
    put(connection, inserts, INSERTS_ONLY, withIdentity(tables, false));
    return List.of(name, inserts);
  }

  static List<SourceTable> withIdentity(List<SourceTable> tables, boolean wanted) {
    return tables.stream()
        .filter(table -> table.kind().isReplicated())
        .filter(table -> (table.identity() != ReplicaIdentity.NOTHING) == wanted)
        .toList();
  }

  private static void put(
      Connection connection, String name, String operations, List<SourceTable> tables)
      throws SQLException {
    String publication = Sql.identifier(name);
    try (Statement statement = connection.createStatement()) {
      if (find(connection, name) == null) {
        statement.execute(
            "CREATE PUBLICATION "
                + publication
                + " WITH (publish = '"
                + operations
                + "', publish_via_partition_root = true)");
        statement.execute("COMMENT ON PUBLICATION " + publication + " IS '" + MARK + "'");
      }
      Set<TableName> present = members(connection, name);
      List<TableName> wanted = tables.stream().map(SourceTable::name).toList();
      change(statement, publication, "DROP", without(present, wanted));
      change(statement, publication, "ADD", without(wanted, present));
    }
  }

  /** ONLY, since tables that inherit are tables of their own; a partitioned one takes its parts. */
  private static void change(
      Statement statement, String publication, String verb, List<TableName> tables)
      throws SQLException {
    if (!tables.isEmpty()) {
      statement.execute(
          "ALTER PUBLICATION "
              + publication
              + " "
              + verb
              + " TABLE "
              + String.join(
                  ", ", tables.stream().map(table -> "ONLY " + Sql.table(table)).toList()));
    }
  }

  private static List<TableName> without(Iterable<TableName> names, Iterable<TableName> others) {
    List<TableName> left = new ArrayList<>();
    names.forEach(left::add);
    others.forEach(left::remove);
    return left;
  }

  private static void requireAll(Connection connection, Existing existing, List<SourceTable> tables)
      throws SQLException {
    String publication = Sql.identifier(existing.name());
    if (!existing.viaRoot()
        && tables.stream().anyMatch(table -> table.kind() == TableKind.PARTITIONED)) {
      throw PipelineException.environment(
          "the publication " + existing.name() + " publishes partitions one by one",
          "Run ALTER PUBLICATION " + publication + " SET (publish_via_partition_root = true).",
          null);
    }
    Set<TableName> present = members(connection, existing.name());
    for (SourceTable table : tables) {
      if (table.kind().isReplicated() && !present.contains(table.name())) {
        throw PipelineException.environment(
            "the publication " + existing.name() + " does not hold the table " + table.name(),
            "Run ALTER PUBLICATION "
                + publication
                + " ADD TABLE "
                + Sql.table(table.name())
                + ", or name another publication and let Dynapipe make it.",
            null);
      }
    }
  }

  private record Existing(String name, boolean ours, boolean viaRoot) {}

  private static @Nullable Existing find(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT obj_description(oid, 'pg_publication'), pubviaroot FROM pg_publication"
                + " WHERE pubname = ?")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new Existing(name, MARK.equals(row.getString(1)), row.getBoolean(2))
            : null;
      }
    }
  }

  private static Set<TableName> members(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = ?")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        Set<TableName> members = new HashSet<>();
        while (row.next()) {
          members.add(new TableName(row.getString(1), row.getString(2)));
        }
        return members;
      }
    }
  }
}
