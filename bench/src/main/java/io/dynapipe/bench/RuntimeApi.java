package io.dynapipe.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Lambda's runtime API, from which a runtime fetches events and to which it gives answers. */
final class RuntimeApi implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  RuntimeApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/2018-06-01/runtime/invocation/next", this::next);
    server.createContext("/2018-06-01/runtime/", this::take);
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Puts an event where the function finds it. */
  void give(byte[] event) {
    events.add(event);
  }

  /**
   * Waits for an answer.
   *
   * @throws IllegalStateException when it does not say that all is applied
   */
  void await() throws InterruptedException {
    String answer = answers.poll(60, TimeUnit.SECONDS);
    if (answer == null || !answer.equals("{\"batchItemFailures\":[]}")) {
      throw new IllegalStateException("the function answered: " + answer);
    }
  }

  private void next(HttpExchange exchange) throws IOException {
    try {
      byte[] event = events.take();
      long deadline = System.currentTimeMillis() + 60_000;
      // Without a type AWS's client ends by a segmentation fault.
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", "request-1");
      exchange.getResponseHeaders().add("Lambda-Runtime-Deadline-Ms", Long.toString(deadline));
      exchange
          .getResponseHeaders()
          .add(
              "Lambda-Runtime-Invoked-Function-Arn",
              "arn:aws:lambda:us-east-1:123456789012:function:dynapipe");
      exchange.sendResponseHeaders(200, event.length);
      exchange.getResponseBody().write(event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    answers.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(202, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
