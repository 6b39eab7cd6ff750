package io.dynapipe.sink.postgres;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.event.TableName;
import io.dynapipe.retry.Backoff;
import io.dynapipe.retry.Retry;
import io.dynapipe.retry.Sleeper;
import io.dynapipe.sink.Layout;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the sink works.
 *
 * @param layout of tables that the sink makes
 * @param layouts of single tables, before {@code layout}
 * @param retry for connections that fail and statements that meet passing trouble
 */
public record PostgresSinkSettings(
    PostgresUrl url, Layout layout, Map<TableName, Layout> layouts, Retry retry) {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresSinkSettings.class);

  public PostgresSinkSettings {
    layouts = Map.copyOf(layouts);
  }

  /** Layout {@code document}; five minutes of trying again, each try logged. */
  public static PostgresSinkSettings of(PostgresUrl url) {
    return new PostgresSinkSettings(
        url, Layout.DOCUMENT, Map.of(), retryFor(Duration.ofMinutes(5)));
  }

  public PostgresSinkSettings withLayout(Layout newLayout) {
    return new PostgresSinkSettings(url, newLayout, layouts, retry);
  }

  /** The same, giving up passing trouble after this time. */
  public PostgresSinkSettings withRetryLimit(Duration limit) {
    return new PostgresSinkSettings(url, layout, layouts, retryFor(limit));
  }

  Layout layoutOf(TableName table) {
    return layouts.getOrDefault(table, layout);
  }

  private static Retry retryFor(Duration limit) {
    return new Retry(
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10)),
        limit,
        Clock.systemUTC(),
        Sleeper.REAL,
        (failure, delay) ->
            LOG.warn("{}; trying again in {} ms", failure.getMessage(), delay.toMillis()));
  }
}
