package io.dynapipe.preflight;

import io.dynapipe.config.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Whether a PostgreSQL target can be reached, and whether tables can be made in it. */
final class PostgresTargetChecks {

  private static final String CONNECT_SECONDS = "5";

  private static final String TARGET =
      """
      SELECT has_database_privilege(current_database(), 'CREATE') AS may_create,
             pg_is_in_recovery() AS standby, current_user AS role,
             current_database() AS database
      """;

  private PostgresTargetChecks() {}

  static void run(PostgresUrl source, PostgresUrl target, Findings findings) {
    if (source.jdbcUrl().equals(target.jdbcUrl())) {
      findings.error(
          "sink-is-source",
          "source and target are the same database: rows would be applied to the tables they come"
              + " from",
          "Name another database as --sink.");
      return;
    }
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", CONNECT_SECONDS);
    properties.putAll(target.jdbcProperties());
    try (Connection connection = DriverManager.getConnection(target.jdbcUrl(), properties)) {
      Rows.each(
          connection,
          TARGET,
          row -> {
            if (row.getBoolean("standby")) {
              findings.error(
                  "sink-standby",
                  "the target is a standby, which takes no writes",
                  "Name the primary server.");
            }
            if (!row.getBoolean("may_create")) {
              findings.error(
                  "sink-privilege",
                  "the role " + row.getString("role") + " may not make schemas in the target",
                  "GRANT CREATE ON DATABASE \""
                      + row.getString("database")
                      + "\" TO \""
                      + row.getString("role")
                      + "\";");
            }
          });
    } catch (SQLException e) {
      findings.error(
          "sink",
          "cannot use the target " + target + ": " + e.getMessage(),
          "Is it running, and are host, port, user and password of --sink right?");
    }
  }
}
