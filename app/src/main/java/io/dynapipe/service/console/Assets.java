package io.dynapipe.service.console;

import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.web.WebAnswer;
import io.dynapipe.service.web.WebHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The console's files, from the class path. Immutable. */
public final class Assets implements WebHandler {

  private static final String INDEX = "index.html";
  private static final List<String> FILES =
      List.of(
          INDEX,
          "icon.svg",
          "console.css",
          "console.js",
          "charts.js",
          "dom.js",
          "endpoints.js",
          "quarantine.js",
          "server.js",
          "tasks.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, byte[]> files = new HashMap<>();

  public Assets() {
    FILES.forEach(name -> files.put(name, read(name)));
  }

  private static byte[] read(String name) {
    try (InputStream file = Assets.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("the jar lacks the console's file " + name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw Fault.withStatus(405, "MethodNotAllowed", "Pages are read with GET.");
    }
    String path = exchange.getRequestURI().getPath();
    String name = path.equals("/") ? INDEX : path.substring("/console/".length());
    byte[] file = files.get(name);
    if (file == null) {
      throw Fault.withStatus(404, "NotFound", "There is no such page.");
    }
    String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "");
    WebAnswer.send(exchange, 200, type, file);
  }
}
