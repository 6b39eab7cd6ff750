package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.retry.Backoff;
import io.dynapipe.retry.Retry;
import io.dynapipe.retry.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes statements on CrateDB and waits passing trouble out. Thread-safe. */
final class CrateClient {

  private static final Logger LOG = LoggerFactory.getLogger(CrateClient.class);

  /** Table changes and deletes of whole tables may take long. */
  private static final Duration LONG_READ = Duration.ofMinutes(30);

  /** How often an unhandled server error is tried before it is believed. */
  private static final int UNKNOWN_TRIES = 3;

  private final CrateHttp http;
  private final Duration readTimeout;
  private final Retry retry;
  private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(15));
  private final Sleeper sleeper;

  CrateClient(CrateSettings settings) {
    this(settings, Clock.systemUTC(), Sleeper.REAL);
  }

  CrateClient(CrateSettings settings, Clock clock, Sleeper sleeper) {
    this.http = new CrateHttp(settings.server(), settings.bulk().gzip());
    this.readTimeout = settings.server().readTimeout();
    this.sleeper = sleeper;
    this.retry =
        new Retry(
            backoff,
            settings.server().retryLimit(),
            clock,
            sleeper,
            (failure, wait) ->
                LOG.warn("{}; trying again in {} ms", failure.getMessage(), wait.toMillis()));
  }

  /**
   * Executes a statement.
   *
   * @param args texts, numbers, booleans, lists of them, or null
   * @throws PipelineException when it fails, for whatever reason
   */
  SqlAnswer execute(String statement, @Nullable Object... args) {
    SqlAnswer answer = attempt(statement, args);
    if (answer.error() != null) {
      throw answer.error().toException("CrateDB refused '" + shortened(statement) + "'");
    }
    return answer;
  }

  /**
   * Executes a statement and leaves errors about the table or a row to the caller.
   *
   * @throws PipelineException retryable or environment
   */
  SqlAnswer attempt(String statement, @Nullable Object... args) {
    JsonBuffer body = new JsonBuffer(256);
    body.raw("{\"stmt\":").string(statement);
    if (args.length > 0) {
      body.raw(",\"args\":");
      value(body, java.util.Arrays.asList(args));
    }
    body.raw('}');
    return exchange(body.array(), body.size(), LONG_READ);
  }

  /**
   * Executes a prepared request body, as for bulks.
   *
   * @throws PipelineException retryable or environment
   */
  SqlAnswer bulk(byte[] body, int length) {
    return exchange(body, length, readTimeout);
  }

  /**
   * Waits before rows are sent again.
   *
   * @param attempt tries made so far, from 1
   */
  void backOff(int attempt) {
    try {
      sleeper.sleep(backoff.delay(attempt, ThreadLocalRandom.current()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.retryable("interrupted while waiting to send rows again", e);
    }
  }

  private SqlAnswer exchange(byte[] body, int length, Duration timeout) {
    int[] unknown = {0};
    return retry.call(
        () -> {
          SqlAnswer read = http.post(body, length, timeout);
          if (read.error() != null && read.error().isMissingTable()) {
            requireStarted();
            read = http.post(body, length, timeout);
          }
          CrateError error = read.error();
          if (error == null) {
            return read;
          }
          switch (error.scope()) {
            case RETRYABLE -> {
              http.tryAnotherHost();
              throw error.toException("CrateDB is in trouble");
            }
            case UNKNOWN -> {
              if (++unknown[0] < UNKNOWN_TRIES) {
                throw PipelineException.retryable("CrateDB failed: " + error.message(), null);
              }
            }
            case ENVIRONMENT -> {
              if (error.status() == 401 && http.renewAuthorization()) {
                throw PipelineException.retryable("CrateDB refused an outdated secret", null);
              }
              throw error.toException("CrateDB does not let us in");
            }
            case TABLE, ROW, SIZE -> {
              // The caller knows what they are about.
            }
          }
          return read;
        });
  }

  /** Returns when what a node tells of its tables is true: what is missing then, is missing. */
  void awaitStarted() {
    retry.call(
        () -> {
          requireStarted();
          return true;
        });
  }

  private void requireStarted() {
    if (http.isStarting()) {
      http.tryAnotherHost();
      throw PipelineException.retryable(
          "CrateDB is starting and does not know its tables yet", null);
    }
  }

  static String shortened(String statement) {
    return statement.length() <= 200 ? statement : statement.substring(0, 200) + "...";
  }

  private static void value(JsonBuffer out, @Nullable Object value) {
    if (value == null) {
      out.raw("null");
    } else if (value instanceof Number || value instanceof Boolean) {
      out.raw(value.toString());
    } else if (value instanceof List<?> list) {
      out.raw('[');
      for (int i = 0; i < list.size(); i++) {
        if (i > 0) {
          out.raw(',');
        }
        value(out, list.get(i));
      }
      out.raw(']');
    } else if (value instanceof Map<?, ?> map) {
      out.raw('{');
      boolean first = true;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!first) {
          out.raw(',');
        }
        first = false;
        out.string(String.valueOf(entry.getKey())).raw(':');
        value(out, entry.getValue());
      }
      out.raw('}');
    } else {
      out.string(value.toString());
    }
  }
}
