package io.dynapipe.service.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.dms.DmsApi;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.metrics.Health;
import io.dynapipe.service.web.WebAnswer;
import io.dynapipe.service.web.WebHandler;
import java.io.IOException;
import java.util.Set;

/** What the console's page asks for, below {@code /console/}. Thread-safe. */
public final class Console implements WebHandler, AutoCloseable {

  private static final String BASE = "/console/";
  private static final String API = BASE + "api/";
  private static final int MAX_BODY_BYTES = 64 << 10;

  /** What its buttons do; all else is for the API itself. */
  private static final Set<String> OPERATIONS =
      Set.of(
          "StartReplicationTask",
          "StopReplicationTask",
          "ReloadTables",
          "StartReplication",
          "StopReplication",
          "ReloadReplicationTables",
          "TestConnection");

  private final DmsApi dms;
  private final QuarantineDesk quarantine;
  private final SessionToken token = new SessionToken();
  private final ConsoleEvents events;
  private final Assets assets = new Assets();

  public Console(DmsApi dms, TaskEngine engine, Health health) {
    this.dms = dms;
    this.quarantine = new QuarantineDesk(engine);
    this.events =
        new ConsoleEvents(new Overview(dms.api(), engine, health), engine, dms, quarantine, token);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("POST")) {
      token.require(exchange);
      WebAnswer.json(exchange, 200, change(path, body(exchange)));
      return;
    }
    switch (path) {
      case BASE + "events" -> events.handle(exchange);
      case BASE + "quarantine" -> WebAnswer.json(exchange, 200, quarantine.list());
      default -> assets.handle(exchange);
    }
  }

  private static ObjectNode body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw Fault.withStatus(413, "TooLarge", "A request may have 64 KiB at most.");
    }
    return Json.parse(body);
  }

  private ObjectNode change(String path, ObjectNode body) {
    if (path.startsWith(API) && OPERATIONS.contains(path.substring(API.length()))) {
      return dms.api().call(path.substring(API.length()), body);
    }
    return switch (path) {
      case BASE + "quarantine/retry" -> quarantine.retry(new Input(body).required("id"));
      case BASE + "quarantine/drop" -> quarantine.drop(new Input(body).required("id"));
      default -> throw Fault.withStatus(404, "NotFound", "There is no such action.");
    };
  }

  @Override
  public void close() {
    events.close();
  }
}
