package io.dynapipe.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.aws.AwsEndpoint;
import io.dynapipe.service.web.WebHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
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
  private final WebHandler pages;

  HttpFront(ServiceSettings settings, AwsEndpoint aws, WebHandler pages) {
    this.aws = aws;
    this.pages = pages;
    // The JDK's server reads these when its classes load. Without the first, each answer waits for
    // the delayed acknowledgement of its headers; the others end requests that never end.
    setDefault("sun.net.httpserver.nodelay", "true");
    setDefault("sun.net.httpserver.maxReqTime", "60");
    setDefault("sun.net.httpserver.maxReqHeaders", "100");
    try {
      server = listen(new InetSocketAddress(settings.host(), settings.port()), settings.access());
    } catch (IOException e) {
      throw PipelineException.environment(
          "cannot listen on " + settings.host() + ":" + settings.port() + ": " + e.getMessage(),
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

  private static HttpServer listen(InetSocketAddress address, Access access) throws IOException {
    @Nullable SSLContext tls = access.tls();
    if (tls == null) {
      return HttpServer.create(address, BACKLOG);
    }
    HttpsServer server = HttpsServer.create(address, BACKLOG);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return server;
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
      boolean toRoot = exchange.getRequestURI().getPath().equals("/");
      if (exchange.getRequestMethod().equals("POST") && toRoot) {
        aws.handle(exchange);
      } else {
        pages.handle(exchange);
      }
    } catch (IOException e) {
      LOG.debug("a client has gone", e);
    } catch (RuntimeException e) {
      LOG.error("a request met a defect", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
