package io.dynapipe.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.service.aws.AwsEndpoint;
import io.dynapipe.service.console.Console;
import io.dynapipe.service.dms.DmsApi;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.kinesis.KinesisApi;
import io.dynapipe.service.logs.LogFollower;
import io.dynapipe.service.logs.LogStore;
import io.dynapipe.service.logs.LogsApi;
import io.dynapipe.service.metrics.Health;
import io.dynapipe.service.metrics.Metrics;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.web.WebFront;
import io.dynapipe.stream.embedded.EmbeddedStore;
import io.dynapipe.task.Sinks;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The replication service: opened with everything that ran before, closed so that it runs again.
 */
public final class Service implements AutoCloseable {

  private static final String REGISTRY = "service";

  /** How long work may stand still before the service counts as ill. */
  private static final Duration STANDSTILL = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final HttpFront front;
  private final LogStore logs;
  private final DmsApi dms;
  private final String url;

  /**
   * Opens the state, starts what ran, and listens.
   *
   * @throws io.dynapipe.error.PipelineException (environment) when directory or port cannot be used
   */
  public Service(ServiceSettings settings) {
    try {
      EmbeddedStore store = keep(EmbeddedStore.open(settings.state(), EmbeddedStore.Access.OWNER));
      logs = keep(new LogStore(settings.state().resolve("logs"), Clock.systemUTC()));
      TaskEngine engine =
          keep(
              new TaskEngine(
                  store,
                  logs,
                  Clock.systemUTC(),
                  () -> Sinks.open(settings.sink(), settings.layout())));
      Registry registry = new Registry(store.taskState(REGISTRY));
      dms = keep(new DmsApi(registry, settings.account(), settings.state(), engine, logs));
      LogsApi logsApi = keep(new LogsApi(logs, settings.account()));
      KinesisApi kinesis =
          keep(new KinesisApi(engine.streams(), settings.account(), Clock.systemUTC()));
      Doors doors = new Doors(settings);
      AwsEndpoint endpoint =
          new AwsEndpoint(List.of(dms.api(), logsApi.api(), kinesis.api()), doors.api());
      dms.open();
      Health health = new Health(engine, STANDSTILL, settings.access().password() == null);
      Console console = keep(new Console(dms, engine, health));
      WebFront pages =
          new WebFront()
              .add("/health", doors.anyone(), health)
              .add("/metrics", doors.pages(), new Metrics(dms, engine, health))
              .add("/console/", doors.pages(), console)
              .add("/", doors.pages(), console);
      front = keep(new HttpFront(settings, endpoint, pages));
      url =
          (settings.access().tls() == null ? "http" : "https")
              + "://"
              + (doors.isLocal() ? "localhost" : settings.host())
              + ":"
              + front.port();
    } catch (RuntimeException e) {
      closeInto(e);
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.push(resource);
    return resource;
  }

  /** How clients on this machine reach it. */
  public String url() {
    return url;
  }

  /**
   * Brings the lines of a file into a log that the API of CloudWatch Logs shows.
   *
   * @param group name of the log group
   * @param stream name of the log stream
   */
  public void followLog(String group, String stream, Path file) {
    keep(new LogFollower(logs.stream(group, stream), file, Clock.systemUTC()));
  }

  /**
   * Calls an operation of the DMS API from within.
   *
   * @throws io.dynapipe.service.aws.Fault as the operation gives it
   */
  public ObjectNode dms(String operation, ObjectNode request) {
    return dms.api().call(operation, request);
  }

  /** The port it listens on. */
  public int port() {
    return front.port();
  }

  @Override
  public void close() {
    IllegalStateException failure = new IllegalStateException("closing the service failed");
    closeInto(failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private void closeInto(RuntimeException failure) {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }
}
