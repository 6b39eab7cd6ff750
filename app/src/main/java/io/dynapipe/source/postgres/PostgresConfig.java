package io.dynapipe.source.postgres;

import io.dynapipe.error.PipelineException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL server is and who we are there.
 *
 * @param password null when the server asks for none, or when a client certificate stands for it
 * @param properties further connection parameters by the name pgjdbc gives them, such as {@code
 *     sslmode}, {@code sslrootcert}, {@code connectTimeout}
 * @see <a href="https://jdbc.postgresql.org/documentation/use/#connection-parameters">pgjdbc,
 *     connection parameters</a>
 */
public record PostgresConfig(
    String host,
    int port,
    String database,
    String user,
    @Nullable String password,
    Map<String, String> properties) {

  private static final String CURE =
      "Write it as postgresql://user:password@host:5432/database?sslmode=require;"
          + " percent-encode special characters in user and password.";

  /** Copies the properties. */
  public PostgresConfig {
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
  }

  /**
   * Reads {@code postgresql://user:password@host:5432/database?sslmode=require}. User and database
   * default as in {@code psql}: to {@code postgres} and to the user's name.
   *
   * @throws PipelineException (input) when the text is not such a URL
   */
  public static PostgresConfig parse(String url) {
    URI uri = uri(url);
    if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
      throw malformed(url, "it does not begin with postgresql://");
    }
    String host = uri.getHost();
    if (host == null) {
      throw malformed(url, "it names no host");
    }
    String[] credentials = split(uri.getRawUserInfo(), ':');
    String user = credentials[0].isEmpty() ? "postgres" : decode(credentials[0]);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String database = path.length() > 1 ? decode(path.substring(1)) : user;
    return new PostgresConfig(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        database,
        user,
        credentials.length > 1 ? decode(credentials[1]) : null,
        parameters(url, uri.getRawQuery()));
  }

  /** Another database of the same server. */
  public PostgresConfig withDatabase(String name) {
    return new PostgresConfig(host, port, name, user, password, properties);
  }

  /** {@code host:port/database}, for messages. */
  public String location() {
    return host + ":" + port + "/" + database;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + location();
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw malformed(url, "character " + e.getIndex() + ": " + e.getReason());
    }
  }

  private static Map<String, String> parameters(String url, @Nullable String query) {
    Map<String, String> parameters = new TreeMap<>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String pair : query.split("&")) {
      String[] parts = split(pair, '=');
      if (parts.length < 2 || parts[0].isEmpty()) {
        throw malformed(url, "'" + pair + "' is not a parameter of the form name=value");
      }
      parameters.put(decode(parts[0]), decode(parts[1]));
    }
    return parameters;
  }

  private static String[] split(@Nullable String text, char separator) {
    if (text == null) {
      return new String[] {""};
    }
    int at = text.indexOf(separator);
    return at < 0
        ? new String[] {text}
        : new String[] {text.substring(0, at), text.substring(at + 1)};
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static PipelineException malformed(String url, String reason) {
    return PipelineException.input(
        "'" + withoutPassword(url) + "' is not the URL of a PostgreSQL database: " + reason, CURE);
  }

  private static String withoutPassword(String url) {
    return url.replaceFirst("://([^:/@]*):.*@", "://$1:***@");
  }
}
