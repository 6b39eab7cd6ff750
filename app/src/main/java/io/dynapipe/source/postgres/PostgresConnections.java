package io.dynapipe.source.postgres;

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
   * complete.
   */
  private static final String SESSION =
      "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
          + " SET extra_float_digits = 1; SET bytea_output = 'hex'; SET search_path = '';"
          + " SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "ApplicationName", "dynapipe",
          "connectTimeout", "10",
          "tcpKeepAlive", "true",
          "gssEncMode", "disable");

  private final PostgresConfig config;

  public PostgresConnections(PostgresConfig config) {
    this.config = config;
  }

  public PostgresConfig config() {
    return config;
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
    config.properties().forEach(properties::setProperty);
    properties.setProperty("user", config.user());
    if (config.password() != null) {
      properties.setProperty("password", config.password());
    }
    return properties;
  }

  private Connection open(Properties properties) {
    try {
      Connection connection = DriverManager.getConnection(url(), properties);
      try (Statement statement = connection.createStatement()) {
        statement.execute(SESSION);
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw PostgresErrors.connecting(config, e);
    }
  }

  private String url() {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    return "jdbc:postgresql://"
        + host
        + ":"
        + config.port()
        + "/"
        + java.net.URLEncoder.encode(config.database(), java.nio.charset.StandardCharsets.UTF_8);
  }
}
