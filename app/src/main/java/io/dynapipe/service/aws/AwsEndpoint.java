package io.dynapipe.service.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers AWS JSON requests: finds the operation that {@code X-Amz-Target} names, and turns
 * whatever goes wrong into a fault. Thread-safe.
 */
public final class AwsEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(AwsEndpoint.class);

  /** Table mappings are the largest thing that comes; DMS takes 2 MB of them. */
  private static final int MAX_BODY_BYTES = 4 << 20;

  private final Map<String, AwsApi> apis = new HashMap<>();
  private final RequestGuard guard;

  public AwsEndpoint(List<AwsApi> apis, RequestGuard guard) {
    apis.forEach(api -> this.apis.put(api.targetPrefix(), api));
    this.guard = guard;
  }

  /** Answers one request; never throws for what the request holds. */
  public void handle(HttpExchange exchange) throws IOException {
    String requestId = UUID.randomUUID().toString();
    exchange.getResponseHeaders().set("x-amzn-RequestId", requestId);
    Wire wire = Wire.of(exchange.getRequestHeaders().getFirst("Content-Type"));
    Answer answer;
    try {
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
      if (body.length > MAX_BODY_BYTES) {
        throw Fault.withStatus(
            413, "RequestEntityTooLargeException", "A request may have 4 MiB at most.");
      }
      guard.check(exchange, body);
      answer = call(exchange, wire, body);
    } catch (Fault fault) {
      send(exchange, wire, fault.status(), describe(fault));
      return;
    } catch (PipelineException e) {
      Fault fault = translate(e, requestId);
      send(exchange, wire, fault.status(), describe(fault));
      return;
    } catch (RuntimeException e) {
      LOG.error("request {} met a defect", requestId, e);
      Fault fault = defect(requestId);
      send(exchange, wire, fault.status(), describe(fault));
      return;
    }
    if (answer instanceof Answer.Document document) {
      send(exchange, wire, 200, document.body());
    } else if (answer instanceof Answer.Events events) {
      stream(exchange, events);
    }
  }

  private Answer call(HttpExchange exchange, Wire wire, byte[] body) {
    if (!"POST".equals(exchange.getRequestMethod())) {
      throw Fault.withStatus(405, "UnknownOperationException", "Operations are called by POST.");
    }
    Operation operation = operation(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
    ObjectNode request = wire.read(body);
    return operation.handler().apply(operation.input().read(request));
  }

  private Operation operation(@Nullable String target) {
    String name = target == null ? "" : target;
    int dot = name.lastIndexOf('.');
    AwsApi api = dot < 0 ? null : apis.get(name.substring(0, dot));
    if (api == null) {
      throw Fault.of(
          "UnknownOperationException", "The header X-Amz-Target names no API of this service.");
    }
    return api.operation(name.substring(dot + 1));
  }

  private static Fault translate(PipelineException e, String requestId) {
    String cure = e.cure();
    String message = Objects.toString(e.getMessage()) + (cure == null ? "" : " " + cure);
    return switch (e.kind()) {
      case INPUT -> Fault.invalidValue(message);
      case ENVIRONMENT, RETRYABLE -> Fault.withStatus(503, "ServiceUnavailableException", message);
      case PERMANENT -> {
        LOG.error("request {} failed", requestId, e);
        yield Fault.withStatus(500, "InternalFailure", message);
      }
    };
  }

  private static Fault defect(String requestId) {
    return Fault.withStatus(
        500,
        "InternalFailure",
        "A defect of the service; its log tells more under request " + requestId + ".");
  }

  private static ObjectNode describe(Fault fault) {
    ObjectNode body = Json.object();
    body.put("__type", fault.type());
    body.put("message", fault.getMessage());
    fault.members().forEach(body::put);
    return body;
  }

  private static void send(HttpExchange exchange, Wire wire, int status, ObjectNode body)
      throws IOException {
    byte[] bytes = wire.write(body);
    exchange.getResponseHeaders().set("Content-Type", wire.contentType());
    if (status != 200 && body.get("__type") != null) {
      exchange.getResponseHeaders().set("x-amzn-ErrorType", body.get("__type").asText());
    }
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static void stream(HttpExchange exchange, Answer.Events events) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.amazon.eventstream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      events.body().writeTo(new EventStream(out));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
