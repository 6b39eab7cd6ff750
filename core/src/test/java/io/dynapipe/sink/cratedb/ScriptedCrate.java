package io.dynapipe.sink.cratedb;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

/** An HTTP server on loopback that answers {@code /_sql} as a test tells it to. */
final class ScriptedCrate implements AutoCloseable {

  /** What to do with one request; {@link #CUT} breaks the connection. */
  record Step(int status, String body) {}

  static final Step CUT = new Step(-1, "");
  static final Step DONE = new Step(200, "{\"cols\":[],\"rows\":[[]],\"rowcount\":1}");

  static {
    // Else each answer waits for the acknowledgement of its headers.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final AtomicInteger starting = new AtomicInteger();
  private final Queue<Step> steps = new ConcurrentLinkedQueue<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();

  ScriptedCrate() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/_sql", this::answer);
    server.createContext("/", this::answerRoot);
    server.start();
  }

  /** A node that starts says so on {@code /} for so many requests. */
  ScriptedCrate startingFor(int requests) {
    starting.set(requests);
    return this;
  }

  private void answerRoot(HttpExchange exchange) throws IOException {
    boolean started = starting.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
    exchange.sendResponseHeaders(started ? 200 : 503, -1);
    exchange.close();
  }

  /** Adds answers to come; without any, everything succeeds. */
  ScriptedCrate then(Step... more) {
    steps.addAll(List.of(more));
    return this;
  }

  ScriptedCrate then(int status, String body) {
    return then(new Step(status, body));
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The request bodies so far. */
  List<String> bodies() {
    return bodies;
  }

  /** Ports that clients came from: one for each connection. */
  Set<Integer> clientPorts() {
    return ports;
  }

  List<String> authorizations() {
    return authorizations;
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream raw = exchange.getRequestBody();
        InputStream in = gzip ? new GZIPInputStream(raw) : raw) {
      bodies.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    ports.add(exchange.getRemoteAddress().getPort());
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Step step = steps.poll();
    Step next = step == null ? DONE : step;
    if (next.status() < 0) {
      exchange.close();
      return;
    }
    byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(next.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
