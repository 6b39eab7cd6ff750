package io.dynapipe.service.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.dms.DmsApi;
import io.dynapipe.service.engine.Sample;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.logs.LogEvent;
import io.dynapipe.service.logs.LogStream;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.web.WebAnswer;
import io.dynapipe.service.web.WebHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events for the page: each second what has changed, and nothing when nothing has.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class ConsoleEvents implements WebHandler, AutoCloseable {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** A reader that has gone is noticed when something is written. */
  private static final int SILENT_ROUNDS = 15;

  private static final int MAX_PAGES = 32;
  private static final int MAX_LINES = 500;
  private static final String PARAMETER = "task=";

  private final Overview overview;
  private final TaskEngine engine;
  private final DmsApi dms;
  private final QuarantineDesk quarantine;
  private final SessionToken token;
  private final AtomicInteger pages = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  ConsoleEvents(
      Overview overview,
      TaskEngine engine,
      DmsApi dms,
      QuarantineDesk quarantine,
      SessionToken token) {
    this.overview = overview;
    this.engine = engine;
    this.dms = dms;
    this.quarantine = quarantine;
    this.token = token;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (pages.incrementAndGet() > MAX_PAGES) {
      pages.decrementAndGet();
      throw Fault.withStatus(503, "Busy", "There are 32 open consoles already.");
    }
    try {
      WebAnswer.protect(exchange);
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        new Page(out, chosen(exchange)).run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pages.decrementAndGet();
    }
  }

  private static String chosen(HttpExchange exchange) {
    @Nullable String query = exchange.getRequestURI().getRawQuery();
    return query == null || !query.startsWith(PARAMETER)
        ? ""
        : URLDecoder.decode(query.substring(PARAMETER.length()), StandardCharsets.UTF_8);
  }

  /** One open page. */
  private final class Page {

    private final OutputStream out;
    private final String task;
    private final Map<String, String> sent = new HashMap<>();
    private long lastSample;
    private long nextLine;
    private boolean wrote;

    Page(OutputStream out, String task) {
      this.out = out;
      this.task = task;
    }

    void run() throws IOException, InterruptedException {
      send("hello", Json.text(Json.object().put("token", token.text())));
      int silent = 0;
      do {
        wrote = false;
        changed("overview", overview.document());
        changed("quarantine", Json.object().put("revision", quarantine.revision()));
        if (!task.isEmpty()) {
          changed("tables", overview.tables(task));
          samples();
          log();
        }
        silent = wrote ? 0 : silent + 1;
        if (silent >= SILENT_ROUNDS) {
          out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
          silent = 0;
        }
        out.flush();
      } while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void changed(String event, JsonNode document) throws IOException {
      String text = Json.text(document);
      if (!text.equals(sent.put(event, text))) {
        send(event, text);
      }
    }

    private void send(String event, String json) throws IOException {
      out.write(("event: " + event + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
      wrote = true;
    }

    private void samples() throws IOException {
      List<Sample> samples = engine.meters().samples(Account.resourceId(task), lastSample);
      if (!samples.isEmpty()) {
        lastSample = samples.get(samples.size() - 1).millis();
        send("samples", Json.text(overview.samples(samples)));
      }
    }

    private void log() throws IOException {
      @Nullable LogStream log = dms.log(task);
      if (log == null) {
        return;
      }
      List<LogEvent> fresh = log.since(nextLine);
      if (!fresh.isEmpty()) {
        nextLine = fresh.get(fresh.size() - 1).number() + 1;
        ArrayNode lines = Json.object().putArray("lines");
        fresh
            .subList(Math.max(0, fresh.size() - MAX_LINES), fresh.size())
            .forEach(event -> lines.add(event.message()));
        send("log", Json.text(lines));
      }
    }
  }

  /** Ends all streams; the pages come back when the service does. */
  @Override
  public void close() {
    closed.countDown();
  }
}
