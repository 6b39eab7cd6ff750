package io.dynapipe.config;

import java.util.Map;

/** Where changes come from. */
public sealed interface SourceUrl permits PostgresUrl {

  /**
   * Reads a source's URL: {@code postgresql://user:password@host:5432/database?sslmode=require}.
   *
   * @param environment environment variables; PGUSER and PGPASSWORD stand in for what the URL does
   *     not say
   * @throws io.dynapipe.error.PipelineException (input) listing all problems
   */
  static PostgresUrl parse(String text, Map<String, String> environment) {
    return PostgresUrlParser.parse("source URL", text, environment);
  }
}
