package io.dynapipe.service;

import io.dynapipe.service.aws.AwsEndpoint;
import io.dynapipe.service.dms.DmsApi;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.logs.LogStore;
import io.dynapipe.service.logs.LogsApi;
import io.dynapipe.service.state.Registry;
import io.dynapipe.stream.embedded.EmbeddedStore;
import io.dynapipe.task.Sinks;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The replication service: opened with everything that ran before, closed so that it runs again.
 */
public final class Service implements AutoCloseable {

  private static final String REGISTRY = "service";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final HttpFront front;

  /**
   * Opens the state, starts what ran, and listens.
   *
   * @throws io.dynapipe.error.PipelineException (environment) when directory or port cannot be used
   */
  public Service(ServiceSettings settings) {
    try {
      EmbeddedStore store = keep(EmbeddedStore.open(settings.state(), EmbeddedStore.Access.OWNER));
      LogStore logs = keep(new LogStore(settings.state().resolve("logs"), Clock.systemUTC()));
      TaskEngine engine =
          keep(
              new TaskEngine(
                  store,
                  logs,
                  Clock.systemUTC(),
                  () -> Sinks.open(settings.sink(), settings.layout())));
      Registry registry = new Registry(store.taskState(REGISTRY));
      DmsApi dms = keep(new DmsApi(registry, settings.account(), settings.state(), engine, logs));
      LogsApi logsApi = keep(new LogsApi(logs, settings.account()));
      LocalGuard guard = new LocalGuard();
      AwsEndpoint endpoint = new AwsEndpoint(List.of(dms.api(), logsApi.api()), guard);
      dms.open();
      front = keep(new HttpFront(settings.host(), settings.port(), endpoint));
    } catch (RuntimeException e) {
      closeInto(e);
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.push(resource);
    return resource;
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
