package io.dynapipe.task;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.Sink;
import io.dynapipe.sink.cratedb.CrateQuery;
import io.dynapipe.sink.cratedb.CrateSettings;
import io.dynapipe.sink.cratedb.CrateSink;
import io.dynapipe.sink.postgres.PostgresSink;
import io.dynapipe.sink.postgres.PostgresSinkSettings;
import java.time.Duration;
import java.util.Set;

/** Opens sinks by their URL. */
public final class Sinks {

  private static final Duration START_PATIENCE = Duration.ofSeconds(3);

  private Sinks() {}

  /**
   * A sink, ready to be written to.
   *
   * @param layout of tables that the sink makes
   * @throws io.dynapipe.error.PipelineException (environment) when it cannot be reached or used
   */
  public static Sink open(SinkUrl url, Layout layout) {
    return open(url, layout, Set.of());
  }

  /**
   * A sink, ready to be written to.
   *
   * @param layout of tables that the sink makes
   * @param jsonColumns {@code schema.table.column} of texts that are JSON, for events that do not
   *     tell; a PostgreSQL sink keeps them as texts
   * @throws io.dynapipe.error.PipelineException (environment) when it cannot be reached or used
   */
  public static Sink open(SinkUrl url, Layout layout, Set<String> jsonColumns) {
    if (url instanceof CrateUrl crate) {
      CrateSettings settings =
          CrateSettings.of(crate).withLayout(layout).withJsonColumns(jsonColumns);
      requireReachable(
          () -> new CrateQuery(settings.withRetryLimit(START_PATIENCE)).rows("SELECT 1"));
      return CrateSink.open(settings);
    }
    PostgresSinkSettings settings = PostgresSinkSettings.of((PostgresUrl) url).withLayout(layout);
    requireReachable(
        () -> {
          try (Sink probe = new PostgresSink(settings.withRetryLimit(START_PATIENCE))) {
            probe.quarantine().holds();
          }
        });
    return new PostgresSink(settings);
  }

  /** Trouble that is worth waiting out while work goes on is told at once at the start. */
  private static void requireReachable(Runnable probe) {
    try {
      probe.run();
    } catch (PipelineException e) {
      if (e.isRetryable()) {
        throw PipelineException.environment(
            String.valueOf(e.getMessage()),
            "Is the target running, and are host and port of --sink right?",
            e);
      }
      throw e;
    }
  }
}
