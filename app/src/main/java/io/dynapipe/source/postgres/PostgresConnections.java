package io.dynapipe.source.postgres;

import io.dynapipe.config.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;

/**
 * Opens connections whose sessions print values in the one form that {@link ValueRenderer} reads,
 * whatever the server's or the role's own settings are. Thread-safe.
 */
public final class PostgresConnections {

  /**
   * What decides the text form of values, and which limits a role may have that would end a long
   * COPY (the same that pg_dump sets). The empty search path makes names of types and objects
   * complete. Without row_security, a table whose policies would hide rows from the role is an
   * error instead of a load that lacks them.
   */
  private static final String SESSION =
      "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
          + " SET extra_float_digits = 1; SET bytea_output = 'hex'; SET search_path = '';"
          + " SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
          + " SET row_security = off";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "ApplicationName", "dynapipe",
          "connectTimeout", "10",
          "tcpKeepAlive", "true",
          "socketFactory", KeepAliveSockets.class.getName(),
          "gssEncMode", "disable");

  private final PostgresUrl url;

  public PostgresConnections(PostgresUrl url) {
    this.url = url;
  }

  public PostgresUrl url() {
    return url;
  }

  /**
   * A connection for queries and COPY.
   *
   * @throws io.dynapipe.error.PipelineException (environment) with cause and cure
   */
  public Connection query() {
    return open(properties());
  }

  /**
   * A connection for replication commands; it also takes SQL, as simple queries.
   *
   * @throws io.dynapipe.error.PipelineException (environment) with cause and cure
   */
  public Connection replication() {
    Properties properties = properties();
    properties.setProperty("replication", "database");
    properties.setProperty("assumeMinServerVersion", "10");
    properties.setProperty("preferQueryMode", "simple");
    return open(properties);
  }

  private Properties properties() {
    Properties properties = new Properties();
    DEFAULTS.forEach(properties::setProperty);
    properties.putAll(url.jdbcProperties());
    return properties;
  }

  private Connection open(Properties properties) {
    try {
      Connection connection = DriverManager.getConnection(url.jdbcUrl(), properties);
      try (Statement statement = connection.createStatement()) {
        statement.execute(SESSION);
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw PostgresErrors.connecting(url, e);
    }
  }
}
