package io.dynapipe.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL database, as source or as sink. Its text form is a URL without secrets.
 *
 * @param hosts at least one; the driver tries them in this order
 * @param password null when the driver is to find one ({@code ~/.pgpass}) or needs none
 * @param properties connection properties of the JDBC driver, {@code sslmode} for example
 */
public record PostgresUrl(
    List<HostPort> hosts,
    String database,
    String user,
    @Nullable Secret password,
    Map<String, String> properties)
    implements SourceUrl, SinkUrl {

  static final String EXAMPLE = "postgresql://user:password@host:5432/database?sslmode=require";

  public PostgresUrl {
    hosts = List.copyOf(hosts);
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /** Hosts and database only; the rest is in {@link #jdbcProperties}. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + hostList() + "/" + PercentCoding.encode(database);
  }

  /**
   * User, password and connection properties, in a new object.
   *
   * @throws io.dynapipe.error.PipelineException (environment) when the password's file or command
   *     fails
   */
  public Properties jdbcProperties() {
    Properties jdbc = new Properties();
    properties.forEach(jdbc::setProperty);
    jdbc.setProperty("user", user);
    if (password != null) {
      jdbc.setProperty("password", password.reveal());
    }
    return jdbc;
  }

  /** The same database with one more connection property, which replaces one of that name. */
  public PostgresUrl withProperty(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(properties);
    changed.put(name, value);
    return new PostgresUrl(hosts, database, user, password, changed);
  }

  private String hostList() {
    return hosts.stream().map(HostPort::toString).collect(Collectors.joining(","));
  }

  @Override
  public String toString() {
    return "postgresql://"
        + PercentCoding.encode(user)
        + (password == null ? "" : ":***")
        + "@"
        + hostList()
        + "/"
        + PercentCoding.encode(database)
        + Parameters.redacted(properties);
  }
}
