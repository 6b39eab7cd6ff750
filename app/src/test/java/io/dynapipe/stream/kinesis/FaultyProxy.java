package io.dynapipe.stream.kinesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands before a Kinesis service and makes PutRecords fail: single entries are throttled or fail
 * inside, requests are answered by 500, connections break before the request is passed on and after
 * it. Reads JSON only.
 */
final class FaultyProxy implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How often, of 1. */
  record Faults(double entry, double status500, double resetBefore, double resetAfter) {

    static final Faults NONE = new Faults(0, 0, 0, 0);
  }

  private final URI target;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Random random;
  private volatile Faults faults;
  final LongAdder failedEntries = new LongAdder();
  final LongAdder failedRequests = new LongAdder();

  FaultyProxy(URI target, Faults faults, long seed) throws IOException {
    this.target = target;
    this.faults = faults;
    this.random = new Random(seed);
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void become(Faults next) {
    faults = next;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String action = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      if (action == null || !action.endsWith(".PutRecords")) {
        answer(exchange, forward(exchange, body));
      } else {
        putRecords(exchange, body);
      }
    }
  }

  private void putRecords(HttpExchange exchange, byte[] body) throws IOException {
    Faults now = faults;
    double dice = random.nextDouble();
    if (dice < now.resetBefore()) {
      failedRequests.increment();
      return;
    }
    if (dice < now.resetBefore() + now.status500()) {
      failedRequests.increment();
      answer(
          exchange,
          new Answer(500, "{\"__type\":\"InternalFailure\"}".getBytes(StandardCharsets.UTF_8)));
      return;
    }
    Answer answer = withFailedEntries(exchange, body, now.entry());
    if (dice > 1 - now.resetAfter()) {
      failedRequests.increment();
      return;
    }
    answer(exchange, answer);
  }

  private Answer withFailedEntries(HttpExchange exchange, byte[] body, double share)
      throws IOException {
    ObjectNode request = (ObjectNode) JSON.readTree(body);
    List<JsonNode> results = new ArrayList<>();
    ArrayNode passed = JSON.createArrayNode();
    for (JsonNode entry : request.withArray("Records")) {
      if (random.nextDouble() < share) {
        failedEntries.increment();
        results.add(failure());
      } else {
        results.add(null);
        passed.add(entry);
      }
    }
    ObjectNode answer = JSON.createObjectNode();
    if (!passed.isEmpty()) {
      request.set("Records", passed);
      Answer real = forward(exchange, JSON.writeValueAsBytes(request));
      if (real.status() != 200) {
        return real;
      }
      answer = (ObjectNode) JSON.readTree(real.body());
    }
    ArrayNode stored = answer.withArray("Records").deepCopy();
    ArrayNode merged = JSON.createArrayNode();
    int next = 0;
    for (JsonNode result : results) {
      merged.add(result == null ? stored.get(next++) : result);
    }
    answer.set("Records", merged);
    return new Answer(200, JSON.writeValueAsBytes(answer));
  }

  private ObjectNode failure() {
    ObjectNode failure = JSON.createObjectNode();
    failure.put(
        "ErrorCode",
        random.nextBoolean() ? "ProvisionedThroughputExceededException" : "InternalFailure");
    failure.put("ErrorMessage", "made by the test");
    return failure;
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Answer(int status, byte[] body) {}

  /** One at a time: moto puts records of requests that overlap in each other's place. */
  private synchronized Answer forward(HttpExchange exchange, byte[] body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) target.toURL().openConnection();
    connection.setDoOutput(true);
    connection.setRequestMethod("POST");
    for (String name : List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        connection.setRequestProperty(name, value);
      }
    }
    try (var out = connection.getOutputStream()) {
      out.write(body);
    }
    int status = connection.getResponseCode();
    try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(status, in == null ? new byte[0] : in.readAllBytes());
    }
  }

  private static void answer(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(answer.status(), answer.body().length);
    exchange.getResponseBody().write(answer.body());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
