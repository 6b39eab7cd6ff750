package io.dynapipe.service.web;

import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.RequestGuard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds who answers a path, lets pass whom the guard lets pass, and turns whatever goes wrong into
 * an answer. Thread-safe once all handlers are added.
 */
public final class WebFront implements WebHandler {

  private static final Logger LOG = LoggerFactory.getLogger(WebFront.class);
  private static final byte[] NOTHING = {};

  private record Route(String path, RequestGuard guard, WebHandler handler) {}

  private final List<Route> routes = new ArrayList<>();

  /**
   * Adds a handler.
   *
   * @param path of one resource, or of all below it when it ends with a slash
   */
  public WebFront add(String path, RequestGuard guard, WebHandler handler) {
    routes.add(new Route(path, guard, handler));
    return this;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      Route route = route(exchange.getRequestURI().getPath());
      route.guard().check(exchange, NOTHING);
      route.handler().handle(exchange);
    } catch (Fault fault) {
      fail(exchange, fault.status(), fault.type(), Objects.toString(fault.getMessage()));
    } catch (PipelineException e) {
      String cure = e.cure() == null ? "" : " " + e.cure();
      boolean ours = e.kind() != PipelineException.Kind.INPUT;
      fail(exchange, ours ? 503 : 400, "Failure", e.getMessage() + cure);
    } catch (RuntimeException e) {
      LOG.error("request {} met a defect", exchange.getRequestURI().getPath(), e);
      fail(exchange, 500, "InternalFailure", "A defect of the service; its log tells more.");
    }
  }

  private Route route(String path) {
    for (Route route : routes) {
      boolean below = route.path().length() > 1 && route.path().endsWith("/");
      if (below ? path.startsWith(route.path()) : path.equals(route.path())) {
        return route;
      }
    }
    throw Fault.withStatus(404, "NotFound", "There is no such page.");
  }

  private static void fail(HttpExchange exchange, int status, String type, String message)
      throws IOException {
    if (exchange.getResponseCode() != -1) {
      return;
    }
    WebAnswer.json(exchange, status, Json.object().put("type", type).put("message", message));
  }
}
