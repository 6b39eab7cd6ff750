package io.dynapipe.sink.cratedb;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers as a real CrateDB once did: exchanges are read from a file, and a request that differs
 * from the record is an error. With the system property {@code dynapipe.record.crate} (such as
 * {@code http://localhost:4200}), requests go to that node and the file is written anew.
 */
final class RecordedCrate implements AutoCloseable {

  private record Exchange(String request, int status, String answer) {}

  private static final Path FOLDER = Path.of("src", "test", "resources", "cratedb");

  static {
    // Else each answer waits for the acknowledgement of its headers.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Path file;
  private final @Nullable URI real;
  private final List<Exchange> exchanges = new ArrayList<>();
  private final List<String> mismatches = new ArrayList<>();
  private final HttpServer server;
  private int next;

  RecordedCrate(String name) {
    file = FOLDER.resolve(name + ".ndjson");
    String node = System.getProperty("dynapipe.record.crate");
    real = node == null || node.isEmpty() ? null : URI.create(node);
    try {
      if (real == null) {
        for (String line : Files.readAllLines(file)) {
          Map<String, Object> members = JsonTree.parseObject(line);
          exchanges.add(
              new Exchange(
                  (String) members.get("request"),
                  Integer.parseInt(String.valueOf(members.get("status"))),
                  (String) members.get("answer")));
        }
      }
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/_sql", this::answer);
    server.start();
  }

  /** The node that is recorded now; null when the record is played. */
  @Nullable URI real() {
    return real;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String request;
    try (InputStream in = exchange.getRequestBody()) {
      request = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Exchange told = real == null ? play(request) : forward(request);
    byte[] body = told.answer().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(told.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Exchange play(String request) {
    if (next < exchanges.size() && exchanges.get(next).request().equals(request)) {
      return exchanges.get(next++);
    }
    String expected = next < exchanges.size() ? exchanges.get(next).request() : "nothing more";
    mismatches.add("request " + next + " is\n" + request + "\nbut the record has\n" + expected);
    return new Exchange(
        request, 400, "{\"error\":{\"message\":\"differs from the record\",\"code\":4004}}");
  }

  private Exchange forward(String request) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) real.resolve("/_sql").toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(request.getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Exchange told =
          new Exchange(request, status, answer.replaceFirst(",\"duration\":[0-9.E+-]+", ""));
      exchanges.add(told);
      return told;
    }
  }

  /** Ends the record, or fails when what was asked differs from it. */
  @Override
  public void close() {
    server.stop(0);
    if (real != null) {
      save();
      return;
    }
    if (!mismatches.isEmpty()) {
      throw new AssertionError(String.join("\n", mismatches));
    }
    if (next < exchanges.size()) {
      throw new AssertionError("never asked: " + exchanges.get(next).request());
    }
  }

  private void save() {
    JsonBuffer out = new JsonBuffer(1 << 16);
    for (Exchange exchange : exchanges) {
      out.raw("{\"request\":")
          .string(exchange.request())
          .raw(",\"status\":")
          .number(exchange.status())
          .raw(",\"answer\":")
          .string(exchange.answer())
          .raw("}\n");
    }
    try {
      Files.createDirectories(FOLDER);
      Files.write(file, out.toBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
