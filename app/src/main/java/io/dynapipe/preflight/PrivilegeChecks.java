package io.dynapipe.preflight;

import io.dynapipe.event.TableName;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whether the role may do what a task does. */
final class PrivilegeChecks {

  private static final String ROLE =
      """
      SELECT current_user AS name,
             rolsuper OR rolreplication OR EXISTS (
               SELECT FROM pg_roles r WHERE r.rolname = 'rds_replication'
                 AND pg_has_role(current_user, r.oid, 'MEMBER')) AS replication,
             rolsuper OR rolbypassrls AS bypass,
             has_database_privilege(current_database(), 'CREATE') AS may_create,
             current_database() AS database
      FROM pg_roles WHERE rolname = current_user
      """;

  private static final String TABLES =
      """
      SELECT c.oid, has_schema_privilege(c.relnamespace, 'USAGE') AS usage,
             has_table_privilege(c.oid, 'SELECT') AS readable,
             pg_has_role(c.relowner, 'USAGE') AS owned,
             c.relrowsecurity AND (c.relforcerowsecurity OR NOT pg_has_role(c.relowner, 'USAGE'))
               AS filtered,
             EXISTS (SELECT FROM pg_publication_tables p JOIN pg_namespace n
               ON n.nspname = p.schemaname WHERE n.oid = c.relnamespace
               AND p.tablename = c.relname) AS published
      FROM pg_class c WHERE c.oid = ANY (?)
      """;

  private PrivilegeChecks() {}

  private record Role(
      String user, String database, boolean replication, boolean bypass, boolean mayCreate) {

    /** Quoted. */
    String name() {
      return Sql.identifier(user);
    }
  }

  /** Of the role to a table; {@code filtered}: row security is on and counts for it. */
  private record Rights(boolean readable, boolean owned, boolean filtered, boolean published) {}

  static void run(Connection connection, List<SourceTable> tables, boolean cdc, Findings findings)
      throws SQLException {
    Role role = Objects.requireNonNull(Rows.first(connection, ROLE, PrivilegeChecks::role));
    if (cdc && !role.replication()) {
      findings.error(
          "replication-role",
          "the role " + role.user() + " may not use replication slots",
          "ALTER ROLE "
              + role.name()
              + " REPLICATION (on Amazon RDS: GRANT rds_replication TO "
              + role.name()
              + ").");
    }
    Map<Long, Rights> rights = Rows.byTable(connection, TABLES, tables, PrivilegeChecks::rights);
    for (SourceTable table : tables) {
      Rights right = rights.get(table.oid());
      if (right != null) {
        check(table, role, right, cdc, findings);
      }
    }
  }

  private static Role role(ResultSet row) throws SQLException {
    return new Role(
        row.getString("name"),
        row.getString("database"),
        row.getBoolean("replication"),
        row.getBoolean("bypass"),
        row.getBoolean("may_create"));
  }

  private static Rights rights(ResultSet row) throws SQLException {
    return new Rights(
        row.getBoolean("usage") && row.getBoolean("readable"),
        row.getBoolean("owned"),
        row.getBoolean("filtered"),
        row.getBoolean("published"));
  }

  private static void check(
      SourceTable table, Role role, Rights right, boolean cdc, Findings findings) {
    if (!right.readable()) {
      unreadable(table.name(), role, findings);
    } else if (right.filtered() && !role.bypass()) {
      filtered(table.name(), role, findings);
    }
    boolean mayPublish = role.mayCreate() && right.owned();
    if (cdc && table.kind().isReplicated() && !mayPublish && !right.published()) {
      unpublishable(table.name(), role, findings);
    }
  }

  private static void unreadable(TableName table, Role role, Findings findings) {
    findings.add(
        "select-privilege",
        Severity.ERROR,
        table,
        "the role " + role.name() + " may not read the table",
        "GRANT USAGE ON SCHEMA "
            + Sql.identifier(table.schema())
            + " TO "
            + role.name()
            + "; GRANT SELECT ON "
            + Sql.table(table)
            + " TO "
            + role.name()
            + ";");
  }

  private static void filtered(TableName table, Role role, Findings findings) {
    findings.add(
        "row-security",
        Severity.ERROR,
        table,
        "row security hides rows from the role " + role.name() + ": a load of the table is refused",
        "ALTER ROLE " + role.name() + " BYPASSRLS, or name a role that sees all rows.");
  }

  private static void unpublishable(TableName table, Role role, Findings findings) {
    findings.add(
        "publication",
        Severity.ERROR,
        table,
        "the role " + role.name() + " cannot publish the table, and no publication holds it",
        "Let the table's owner run CREATE PUBLICATION <the task's slot name> FOR TABLE "
            + Sql.table(table)
            + " WITH (publish_via_partition_root = true); or make the role a member of the owner"
            + " and GRANT CREATE ON DATABASE "
            + Sql.identifier(role.database())
            + " TO "
            + role.name()
            + ".");
  }
}
