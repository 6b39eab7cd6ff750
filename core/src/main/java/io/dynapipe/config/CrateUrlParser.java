package io.dynapipe.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads CrateDB URLs: SQLAlchemy's form, and the HTTP address itself.
 *
 * @see <a href="https://cratedb.com/docs/sqlalchemy-cratedb/connect.html">SQLAlchemy connection
 *     URLs</a>
 */
final class CrateUrlParser {

  static final int DEFAULT_PORT = 4200;

  private static final Set<String> PLAIN_SCHEMES = Set.of("http", "crate+http");
  private static final Set<String> SSL_SCHEMES = Set.of("https", "crate+https");
  private static final Set<String> SCHEMES =
      new TreeSet<>(
          Set.of(
              "crate",
              "crate+http",
              "crate+https",
              "crate+urllib3",
              "http",
              "https",
              "postgresql"));
  private static final List<String> SSL_MODES =
      List.of("disable", "require", "verify-ca", "verify-full");
  private static final List<String> KNOWN =
      List.of(
          "ca_cert",
          "password_command",
          "password_file",
          "schema",
          "ssl",
          "sslmode",
          "timeout",
          "verify_ssl_cert");

  private CrateUrlParser() {}

  static CrateUrl parse(String subject, String text, Map<String, String> environment) {
    Problems problems =
        new Problems(
            subject,
            "Write it like "
                + CrateUrl.EXAMPLE
                + ", with '@', '/', '?', '#' and '%' in user and password percent-encoded.");
    UrlParts url = UrlParts.parse(text, SCHEMES, DEFAULT_PORT, problems);
    Parameters parameters = new Parameters(url.parameters(), problems);
    Secret password = parameters.takePassword(url.password());
    String schema = schema(url.path(), parameters.take("schema"), problems);
    boolean ssl = ssl(url.scheme(), parameters, problems);
    Boolean verify = parameters.takeBoolean("verify_ssl_cert");
    String caCertificate = parameters.take("ca_cert");
    Duration timeout = parameters.take("timeout", Durations::parse);
    if (!ssl && (verify != null || caCertificate != null)) {
      problems.add("verify_ssl_cert and ca_cert need ssl=true");
    }
    parameters.refuseRemaining(KNOWN);
    problems.throwIfAny();
    String user = url.user() != null ? url.user() : environment.get("CRATEDB_USERNAME");
    String fallback = environment.get("CRATEDB_PASSWORD");
    return new CrateUrl(
        url.hosts().isEmpty() ? List.of(new HostPort("localhost", DEFAULT_PORT)) : url.hosts(),
        user == null || user.isEmpty() ? "crate" : user,
        password == null && fallback != null ? Secret.of(fallback) : password,
        schema,
        ssl,
        verify == null || verify,
        caCertificate,
        timeout);
  }

  private static @Nullable String schema(
      String path, @Nullable String parameter, Problems problems) {
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (trimmed.indexOf('/') >= 0) {
      problems.add("the path has more parts than the schema; tables are named by the events");
    }
    if (!trimmed.isEmpty() && parameter != null && !parameter.equals(trimmed)) {
      problems.add("the schema is given in more than one way");
    }
    String schema = trimmed.isEmpty() ? parameter : trimmed;
    return schema == null || schema.isEmpty() ? null : schema;
  }

  private static boolean ssl(String scheme, Parameters parameters, Problems problems) {
    Boolean flag = parameters.takeBoolean("ssl");
    String mode = parameters.takeWord("sslmode", SSL_MODES);
    Boolean byMode = mode == null ? null : (Boolean) !mode.equals("disable");
    Boolean byScheme =
        SSL_SCHEMES.contains(scheme) ? Boolean.TRUE : PLAIN_SCHEMES.contains(scheme) ? false : null;
    boolean on = isTrue(flag) || isTrue(byMode) || isTrue(byScheme);
    boolean off = isFalse(flag) || isFalse(byMode) || isFalse(byScheme);
    if (on && off) {
      problems.add("scheme, ssl and sslmode contradict each other");
    }
    return on;
  }

  private static boolean isTrue(@Nullable Boolean value) {
    return value != null && value;
  }

  private static boolean isFalse(@Nullable Boolean value) {
    return value != null && !value;
  }
}
