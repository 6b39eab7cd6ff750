package io.dynapipe.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
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
      Stream.concat(
              Stream.of(
                  "ca_cert",
                  "cert_file",
                  "jwt_token",
                  "jwt_token_command",
                  "jwt_token_file",
                  "key_file",
                  "password_command",
                  "password_file",
                  "schema",
                  "ssl",
                  "sslmode",
                  "timeout",
                  "verify_ssl_cert"),
              CrateOptions.NAMES.stream())
          .sorted()
          .toList();

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
    Secret token = parameters.takeSecret("jwt_token", null);
    String mode = parameters.takeWord("sslmode", SSL_MODES);
    boolean ssl = ssl(url.scheme(), mode, parameters, problems);
    CrateTlsOptions tls = CrateTlsOptions.take(ssl, mode, parameters, problems);
    Duration timeout = parameters.take("timeout", Durations::parse);
    CrateOptions options = CrateOptions.take(parameters);
    if (token != null && (url.user() != null || password != null)) {
      problems.add("a user or password and jwt_token are given: CrateDB takes one of them");
    }
    parameters.refuseRemaining(KNOWN);
    problems.throwIfAny();
    String user = url.user() != null ? url.user() : environment.get("CRATEDB_USERNAME");
    String fallback = environment.get("CRATEDB_PASSWORD");
    return new CrateUrl(
        url.hosts().isEmpty() ? List.of(new HostPort("localhost", DEFAULT_PORT)) : url.hosts(),
        user == null || user.isEmpty() ? "crate" : user,
        password == null && fallback != null ? Secret.of(fallback) : password,
        token,
        schema,
        ssl,
        tls,
        timeout,
        options);
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

  private static boolean ssl(
      String scheme, @Nullable String mode, Parameters parameters, Problems problems) {
    Boolean flag = parameters.takeBoolean("ssl");
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
