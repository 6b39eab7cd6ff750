package io.dynapipe.mapping.rule;

import io.dynapipe.event.TableName;
import java.util.Set;

/**
 * What a wildcard never selects: PostgreSQL's own schemas, those of replication tools, ours, and
 * the tables that capture itself writes into. A rule that names such a schema (or table) without
 * wildcards does select it.
 */
final class SystemTables {

  private static final Set<String> SCHEMAS =
      Set.of("information_schema", "pglogical", "pglogical_origin", "dynapipe");

  private static final Set<String> TABLES = Set.of("awsdms_ddl_audit", "awsdms_heartbeat");

  private SystemTables() {}

  static boolean hides(TableName name, NamePattern schema, NamePattern table) {
    boolean systemSchema = name.schema().startsWith("pg_") || SCHEMAS.contains(name.schema());
    return (systemSchema && !schema.isExact())
        || (TABLES.contains(name.name()) && !table.isExact());
  }
}
