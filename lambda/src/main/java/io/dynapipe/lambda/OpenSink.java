package io.dynapipe.lambda;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.sink.Sink;
import io.dynapipe.sink.cratedb.CrateSettings;
import io.dynapipe.sink.cratedb.CrateSink;
import io.dynapipe.sink.postgres.PostgresSink;
import io.dynapipe.sink.postgres.PostgresSinkSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sink, opened once in the life of an execution environment. One thread at a time, as Lambda
 * calls.
 */
final class OpenSink {

  private static final Logger LOG = LoggerFactory.getLogger(OpenSink.class);

  private final HandlerSettings settings;
  private @Nullable Sink sink;

  OpenSink(HandlerSettings settings) {
    this.settings = settings;
  }

  /**
   * Opens the sink while Lambda starts the environment, when it costs no invocation's time. Trouble
   * is left to the first invocation, whose answer can tell it.
   */
  void warmUp() {
    if (settings.sink().needsSecret()) {
      // The extension does not answer before the first invocation.
      return;
    }
    try {
      get();
    } catch (PipelineException e) {
      LOG.warn("the sink is not there yet: {}", e.getMessage());
    }
  }

  /**
   * The sink, for one batch. The batches before may have gone through other execution environments,
   * which may have changed tables: what is remembered of them is not good any more.
   *
   * @throws PipelineException when it cannot be opened; the next call tries again
   */
  Sink get() {
    Sink open = sink;
    if (open == null) {
      open = open(settings.sink().url());
      sink = open;
    } else {
      open.forgetTables();
    }
    return open;
  }

  /** Each branch loads the classes of its sink only: a cold start pays for no other. */
  private Sink open(SinkUrl url) {
    if (url instanceof CrateUrl crate) {
      return CrateSink.open(
          CrateSettings.of(crate)
              .withLayout(settings.layout())
              .withJsonColumns(settings.jsonColumns())
              .withRetryLimit(settings.retryLimit()));
    }
    if (!settings.jsonColumns().isEmpty()) {
      LOG.warn("COLUMN_TYPES means nothing to a PostgreSQL sink: these columns stay texts");
    }
    return new PostgresSink(
        PostgresSinkSettings.of((PostgresUrl) url)
            .withLayout(settings.layout())
            .withRetryLimit(settings.retryLimit()));
  }
}
