package io.dynapipe.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A CrateDB cluster, spoken to over HTTP. Its text form is a URL without secrets.
 *
 * @param hosts at least one node of the same cluster
 * @param user CrateDB's superuser {@code crate} unless told otherwise
 * @param password null when the cluster trusts the user
 * @param schema null when tables go to the schema that they have at the source
 * @param ssl whether to speak HTTPS
 * @param token a JWT, sent instead of user and password; null without one
 * @param timeout for one request; null for the sink's default
 */
public record CrateUrl(
    List<HostPort> hosts,
    String user,
    @Nullable Secret password,
    @Nullable Secret token,
    @Nullable String schema,
    boolean ssl,
    CrateTlsOptions tls,
    @Nullable Duration timeout,
    CrateOptions options)
    implements SinkUrl {

  static final String EXAMPLE = "crate://user:password@host:4200/schema?ssl=true";

  public CrateUrl {
    hosts = List.copyOf(hosts);
  }

  /** Base addresses of the nodes, such as {@code https://host:4200}. */
  public List<String> baseUrls() {
    return hosts.stream().map(host -> (ssl ? "https://" : "http://") + host).toList();
  }

  @Override
  public String toString() {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (ssl) {
      parameters.put("ssl", "true");
    }
    parameters.putAll(tls.parameters());
    if (token != null) {
      parameters.put("jwt_token", "***");
    }
    if (timeout != null) {
      parameters.put("timeout", Durations.format(timeout));
    }
    parameters.putAll(options.parameters());
    return "crate://"
        + PercentCoding.encode(user)
        + (password == null ? "" : ":***")
        + "@"
        + hosts.stream().map(HostPort::toString).collect(Collectors.joining(","))
        + "/"
        + (schema == null ? "" : PercentCoding.encode(schema))
        + Parameters.redacted(parameters);
  }
}
