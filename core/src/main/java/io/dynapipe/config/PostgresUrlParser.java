package io.dynapipe.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads PostgreSQL URLs as libpq and pgjdbc write them. */
final class PostgresUrlParser {

  static final int DEFAULT_PORT = 5432;

  private static final Set<String> SCHEMES = new TreeSet<>(Set.of("postgresql", "postgres"));
  private static final List<String> SSL_MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  /** libpq's names for what pgjdbc calls otherwise. */
  private static final Map<String, String> DRIVER_NAMES =
      Map.of(
          "application_name", "ApplicationName",
          "connect_timeout", "connectTimeout",
          "target_session_attrs", "targetServerType");

  private static final Map<String, String> SERVER_TYPES =
      Map.of(
          "read-write", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private PostgresUrlParser() {}

  static PostgresUrl parse(String subject, String text, Map<String, String> environment) {
    Problems problems =
        new Problems(
            subject,
            "Write it like "
                + PostgresUrl.EXAMPLE
                + ", with '@', '/', '?', '#' and '%' in user and password percent-encoded.");
    UrlParts url = UrlParts.parse(text, SCHEMES, DEFAULT_PORT, problems);
    Parameters parameters = new Parameters(url.parameters(), problems);
    Secret password = parameters.takePassword(url.password());
    String user = user(url.user(), parameters.take("user"), environment, problems);
    String database = database(url.path(), parameters.take("dbname"), problems);
    Map<String, String> properties = properties(parameters, problems);
    problems.throwIfAny();
    List<HostPort> hosts =
        url.hosts().isEmpty() ? List.of(new HostPort("localhost", DEFAULT_PORT)) : url.hosts();
    String fallback = environment.get("PGPASSWORD");
    return new PostgresUrl(
        hosts,
        database,
        user,
        password == null && fallback != null ? Secret.of(fallback) : password,
        properties);
  }

  private static String user(
      @Nullable String fromUrl,
      @Nullable String parameter,
      Map<String, String> environment,
      Problems problems) {
    if (fromUrl != null && parameter != null) {
      problems.add("the user is given in more than one way");
    }
    String user = fromUrl != null ? fromUrl : parameter;
    user = user != null ? user : environment.get("PGUSER");
    if (user == null || user.isEmpty()) {
      problems.add("there is no user");
      return "";
    }
    return user;
  }

  private static String database(String path, @Nullable String parameter, Problems problems) {
    if (!path.isEmpty() && parameter != null) {
      problems.add("the database is given in more than one way");
    }
    String database = path.isEmpty() && parameter != null ? parameter : path;
    if (database.isEmpty()) {
      problems.add("there is no database");
    } else if (parameter == null && database.indexOf('/') >= 0) {
      problems.add("the path has more parts than the database");
    }
    return database;
  }

  private static Map<String, String> properties(Parameters parameters, Problems problems) {
    Map<String, String> properties = new LinkedHashMap<>();
    String sslMode = parameters.takeWord("sslmode", SSL_MODES);
    if (sslMode != null) {
      properties.put("sslmode", sslMode);
    }
    parameters
        .remaining()
        .forEach(
            (name, value) -> {
              String driverName = DRIVER_NAMES.getOrDefault(name, name);
              String driverValue =
                  name.equals("target_session_attrs")
                      ? SERVER_TYPES.getOrDefault(value, value)
                      : value;
              if (properties.put(driverName, driverValue) != null) {
                problems.add("parameter '" + name + "' is given twice");
              }
            });
    return properties;
  }
}
