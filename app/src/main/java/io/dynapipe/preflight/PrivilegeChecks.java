package io.dynapipe.preflight;

import io.dynapipe.event.TableName;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether the role may do what a task does. */
final class PrivilegeChecks {

  private static final String ROLE =
      """
      SELECT current_user AS name, rolsuper,
             rolsuper OR rolreplication OR EXISTS (
               SELECT FROM pg_roles r WHERE r.rolname = 'rds_replication'
                 AND pg_has_role(current_user, r.oid, 'MEMBER')) AS replication,
             rolsuper OR rolbypassrls AS bypass,
             has_database_privilege(current_database(), 'CREATE') AS may_create,
             current_database() AS database
      FROM pg_roles WHERE rolname = current_user
      """;

  private static final String TABLE =
      """
      SELECT has_schema_privilege(c.relnamespace, 'USAGE') AS usage,
             has_table_privilege(c.oid, 'SELECT') AS readable,
             pg_has_role(c.relowner, 'USAGE') AS owned,
             c.relrowsecurity AND (c.relforcerowsecurity OR NOT pg_has_role(c.relowner, 'USAGE'))
               AS filtered,
             EXISTS (SELECT FROM pg_publication_tables p JOIN pg_namespace n
               ON n.nspname = p.schemaname WHERE n.oid = c.relnamespace
               AND p.tablename = c.relname) AS published
      FROM pg_class c WHERE c.oid = ?
      """;

  private PrivilegeChecks() {}

  private record Role(String name, String database, boolean bypass, boolean mayCreate) {}

  static void run(Connection connection, List<SourceTable> tables, boolean cdc, Findings findings)
      throws SQLException {
    Map<String, Role> roles = new LinkedHashMap<>();
    Rows.each(
        connection,
        ROLE,
        row -> {
          String name = row.getString("name");
          if (cdc && !row.getBoolean("replication")) {
            findings.error(
                "replication-role",
                "the role " + name + " may not use replication slots",
                "ALTER ROLE "
                    + Sql.identifier(name)
                    + " REPLICATION (on Amazon RDS: GRANT rds_replication TO "
                    + Sql.identifier(name)
                    + ").");
          }
          roles.put(
              name,
              new Role(
                  Sql.identifier(name),
                  row.getString("database"),
                  row.getBoolean("bypass"),
                  row.getBoolean("may_create")));
        });
    for (Role role : roles.values()) {
      for (SourceTable table : tables) {
        Rows.each(
            connection,
            TABLE,
            row -> {
              TableName name = table.name();
              if (!row.getBoolean("usage") || !row.getBoolean("readable")) {
                unreadable(name, role, findings);
              } else if (row.getBoolean("filtered") && !role.bypass()) {
                filtered(name, role, findings);
              }
              boolean mayPublish = role.mayCreate() && row.getBoolean("owned");
              if (cdc
                  && table.kind().isReplicated()
                  && !mayPublish
                  && !row.getBoolean("published")) {
                unpublishable(name, role, findings);
              }
            },
            table.oid());
      }
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
