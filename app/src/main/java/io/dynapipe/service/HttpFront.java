package io.dynapipe.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.aws.AwsEndpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for HTTP and hands requests to those who answer them. */
final class HttpFront implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

  /** Each request has a thread; live tails keep theirs. */
  private static final int MAX_THREADS = 128;

  private static final int BACKLOG = 256;

  private final HttpServer server;
  private final ExecutorService threads;
  private final AwsEndpoint aws;

  HttpFront(String host, int port, AwsEndpoint aws) {
    this.aws = aws;
    // The JDK's server reads these when its classes load. Without the first, each answer waits for
    // the delayed acknowledgement of its headers; the others end requests that never end.
    setDefault("sun.net.httpserver.nodelay", "true");
    setDefault("sun.net.httpserver.maxReqTime", "60");
    setDefault("sun.net.httpserver.maxReqHeaders", "100");
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
    } catch (IOException e) {
      throw PipelineException.environment(
          "cannot listen on " + host + ":" + port + ": " + e.getMessage(),
          "Choose another port with --port, or end the process that uses this one.",
          e);
    }
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            0,
            MAX_THREADS,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> {
              Thread thread = new Thread(work, "dynapipe-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      if (exchange.getRequestMethod().equals("POST")) {
        aws.handle(exchange);
      } else {
        notFound(exchange);
      }
    } catch (IOException e) {
      LOG.debug("a client has gone", e);
    } catch (RuntimeException e) {
      LOG.error("a request met a defect", e);
    }
  }

  private static void notFound(HttpExchange exchange) throws IOException {
    byte[] text = "Not found.\n".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(404, text.length);
    exchange.getResponseBody().write(text);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
