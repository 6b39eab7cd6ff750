package io.dynapipe.config;

import io.dynapipe.error.PipelineException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where changes are applied. */
public sealed interface SinkUrl permits CrateUrl, PostgresUrl {

  /** Variables of the reference processor that name the sink. */
  String SINK_SQLALCHEMY_URL = "SINK_SQLALCHEMY_URL";

  String CRATEDB_CLUSTER_URL = "CRATEDB_CLUSTER_URL";

  /**
   * Reads a sink's URL: {@code crate://user:password@host:4200/schema?ssl=true}, {@code
   * https://host:4200/}, or {@code postgresql://user:password@host:5432/database}.
   *
   * @param environment environment variables; CRATEDB_USERNAME and CRATEDB_PASSWORD, or PGUSER and
   *     PGPASSWORD, stand in for what the URL does not say
   * @throws PipelineException (input) listing all problems
   */
  static SinkUrl parse(String text, Map<String, String> environment) {
    return parse("sink URL", text, environment);
  }

  /**
   * The sink that the option names, else the one that {@code SINK_SQLALCHEMY_URL} or {@code
   * CRATEDB_CLUSTER_URL} names.
   *
   * @throws PipelineException (input) when there is none, when the two variables name different
   *     ones, or listing all problems of its URL
   */
  static SinkUrl resolve(@Nullable String option, Map<String, String> environment) {
    if (option != null) {
      return parse("sink URL", option, environment);
    }
    String sqlalchemy = nonBlank(environment.get(SINK_SQLALCHEMY_URL));
    String cluster = nonBlank(environment.get(CRATEDB_CLUSTER_URL));
    if (sqlalchemy != null && cluster != null && !Objects.equals(sqlalchemy, cluster)) {
      throw PipelineException.input(
          SINK_SQLALCHEMY_URL + " and " + CRATEDB_CLUSTER_URL + " name different sinks",
          "Unset one of them, or name the sink with --sink.");
    }
    if (sqlalchemy != null) {
      return parse(SINK_SQLALCHEMY_URL, sqlalchemy, environment);
    }
    if (cluster != null) {
      return parse(CRATEDB_CLUSTER_URL, cluster, environment);
    }
    throw PipelineException.input(
        "no sink is given",
        "Give --sink or set " + SINK_SQLALCHEMY_URL + ", for example " + CrateUrl.EXAMPLE + ".");
  }

  private static SinkUrl parse(String subject, String text, Map<String, String> environment) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    return lower.startsWith("postgres")
        ? PostgresUrlParser.parse(subject, text, environment)
        : CrateUrlParser.parse(subject, text, environment);
  }

  private static @Nullable String nonBlank(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }
}
