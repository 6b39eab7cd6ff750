package io.dynapipe.sink.cratedb;

import io.dynapipe.config.CrateOptions;
import io.dynapipe.config.CrateTlsOptions;
import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.Secret;
import io.dynapipe.sink.Layout;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything about a CrateDB target that can be chosen. */
public record CrateSettings(Server server, Bulk bulk, Tables tables) {

  /**
   * How to reach and to enter the cluster.
   *
   * @param hosts at least one, such as {@code http://localhost:4200}; tried in turn
   * @param token a JWT, sent instead of user and password; null without one
   * @param retryLimit how long passing trouble is waited for
   */
  public record Server(
      List<URI> hosts,
      @Nullable String user,
      @Nullable Secret password,
      @Nullable Secret token,
      Tls tls,
      Duration connectTimeout,
      Duration readTimeout,
      Duration retryLimit) {

    public Server {
      hosts = List.copyOf(hosts);
      if (hosts.isEmpty()) {
        throw new IllegalArgumentException("no host");
      }
    }

    /** Without the secrets. */
    @Override
    public String toString() {
      return (user == null ? "" : user + "@") + hosts;
    }
  }

  /**
   * How an https host is checked and how the client shows itself.
   *
   * @param caFile PEM file with the authorities to trust; null for the JVM's
   * @param certificateFile PEM file with the client's certificate chain; null without one
   * @param keyFile PEM file with its private key, PKCS #8
   */
  public record Tls(
      Verify verify,
      @Nullable String caFile,
      @Nullable String certificateFile,
      @Nullable String keyFile) {

    /** What of the server's certificate is checked; libpq's terms. */
    public enum Verify {
      /** Nothing: encrypted, but anyone may answer. */
      REQUIRE,
      /** Signed by an authority that is trusted. */
      VERIFY_CA,
      /** And made out to the host's name. */
      VERIFY_FULL
    }

    public static final Tls DEFAULT = new Tls(Verify.VERIFY_FULL, null, null, null);
  }

  /**
   * How much is sent at once.
   *
   * @param maxInFlight requests on their way at the same time
   * @param gzip whether request bodies are compressed
   */
  public record Bulk(int maxInFlight, int maxRows, int maxBytes, boolean gzip) {

    private Bulk with(CrateOptions said) {
      return new Bulk(
          Objects.requireNonNullElse(said.inFlight(), maxInFlight),
          Objects.requireNonNullElse(said.bulkRows(), maxRows),
          Objects.requireNonNullElse(said.bulkBytes(), maxBytes),
          Objects.requireNonNullElse(said.gzip(), gzip));
    }
  }

  /**
   * How tables are made and found.
   *
   * @param schema where all tables go; null: each table goes to the schema it has at the source
   * @param shards null: CrateDB's default
   * @param replicas such as {@code 1} or {@code 0-1}; null: CrateDB's default
   * @param partitionBy names of key columns by which a table is partitioned that has them
   * @param options further settings for the WITH clause, values as SQL
   * @param jsonColumns {@code schema.table.column} of texts that are JSON, as COLUMN_TYPES tells
   * @param controlTables what becomes of {@code awsdms_*}
   * @param ddl false: table changes are ignored, the tables are the user's business
   */
  public record Tables(
      Layout layout,
      @Nullable String schema,
      @Nullable Integer shards,
      @Nullable String replicas,
      List<String> partitionBy,
      Map<String, String> options,
      Set<String> jsonColumns,
      ControlTables controlTables,
      boolean ddl) {

    public Tables {
      partitionBy = List.copyOf(partitionBy);
      options = Map.copyOf(options);
      jsonColumns = Set.copyOf(jsonColumns);
    }

    private Tables with(@Nullable String newSchema, CrateOptions said) {
      Boolean keep = said.controlTables();
      return new Tables(
          layout,
          newSchema,
          said.shards() == null ? shards : said.shards(),
          said.replicas() == null ? replicas : said.replicas(),
          said.partitionBy(),
          options,
          jsonColumns,
          keep == null ? controlTables : keep ? ControlTables.KEEP : ControlTables.SKIP,
          Objects.requireNonNullElse(said.ddl(), ddl));
    }

    private Tables with(Layout newLayout, @Nullable String newSchema, Set<String> newColumns) {
      return new Tables(
          newLayout,
          newSchema,
          shards,
          replicas,
          partitionBy,
          options,
          newColumns,
          controlTables,
          ddl);
    }
  }

  /** What becomes of the tables in which AWS DMS keeps its own state. */
  public enum ControlTables {
    SKIP,
    /** They go to schema {@code dms}. */
    KEEP
  }

  /** Measured defaults for one or more hosts without authentication. */
  public static CrateSettings of(URI... hosts) {
    return new CrateSettings(
        new Server(
            List.of(hosts),
            null,
            null,
            null,
            Tls.DEFAULT,
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5)),
        new Bulk(2, 5_000, 4 << 20, false),
        new Tables(
            Layout.DOCUMENT,
            null,
            null,
            null,
            List.of(),
            Map.of(),
            Set.of(),
            ControlTables.SKIP,
            true));
  }

  /** What a URL says, and measured defaults for the rest. */
  public static CrateSettings of(CrateUrl url) {
    CrateSettings defaults = of(url.baseUrls().stream().map(URI::create).toArray(URI[]::new));
    Server server = defaults.server;
    return defaults
        .withServer(
            new Server(
                server.hosts,
                url.user(),
                url.password(),
                url.token(),
                tls(url.tls()),
                server.connectTimeout,
                Objects.requireNonNullElse(url.timeout(), server.readTimeout),
                server.retryLimit))
        .withBulk(defaults.bulk.with(url.options()))
        .withTables(defaults.tables.with(url.schema(), url.options()));
  }

  private static Tls tls(CrateTlsOptions url) {
    Tls.Verify signed = url.hostname() ? Tls.Verify.VERIFY_FULL : Tls.Verify.VERIFY_CA;
    return new Tls(
        url.verify() ? signed : Tls.Verify.REQUIRE,
        url.caCertificate(),
        url.certificate(),
        url.key());
  }

  public CrateSettings withServer(Server other) {
    return new CrateSettings(other, bulk, tables);
  }

  public CrateSettings withBulk(Bulk other) {
    return new CrateSettings(server, other, tables);
  }

  public CrateSettings withTables(Tables other) {
    return new CrateSettings(server, bulk, other);
  }

  /** The same, giving up passing trouble after this time. */
  public CrateSettings withRetryLimit(Duration limit) {
    return withServer(
        new Server(
            server.hosts,
            server.user,
            server.password,
            server.token,
            server.tls,
            server.connectTimeout,
            server.readTimeout,
            limit));
  }

  /** The same with another layout for tables made from now on. */
  public CrateSettings withLayout(Layout layout) {
    return withTables(tables.with(layout, tables.schema, tables.jsonColumns));
  }

  /** The same, knowing that these texts are JSON ({@code schema.table.column}). */
  public CrateSettings withJsonColumns(Set<String> columns) {
    return withTables(tables.with(tables.layout, tables.schema, columns));
  }
}
