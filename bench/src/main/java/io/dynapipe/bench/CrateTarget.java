package io.dynapipe.bench;

import io.dynapipe.config.CrateUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** CrateDB over HTTP, in layout {@code document}. Thread-safe. */
final class CrateTarget implements Target {

  /** As our sink's default; see CrateSettings. */
  private static final int CONNECTIONS = 2;

  private final CrateUrl url;
  private final String table;

  CrateTarget(CrateUrl url) {
    this.url = url;
    String schema = url.schema() == null ? "public" : url.schema();
    this.table = "\"" + schema + "\".\"" + SourceDatabase.TABLE + "\"";
  }

  @Override
  public Request upserts(List<EventLine> rows) {
    return request(
        "INSERT INTO "
            + table
            + " (pk, data, aux) VALUES (?, ?, ?) ON CONFLICT (pk['id'])"
            + " DO UPDATE SET data = excluded.data, aux = excluded.aux",
        rows,
        row -> "[{\"id\":" + row.id() + "}," + row.data() + ",null]");
  }

  @Override
  public Request deletes(List<EventLine> rows) {
    return request(
        "DELETE FROM " + table + " WHERE pk['id'] = ?", rows, row -> "[" + row.id() + "]");
  }

  private Request request(
      String statement, List<EventLine> rows, Function<EventLine, String> arguments) {
    String rendered = rows.stream().map(arguments).collect(Collectors.joining(","));
    String body =
        rows.size() == 1
            ? body(statement, "args", rendered)
            : body(statement, "bulk_args", "[" + rendered + "]");
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return () -> post(bytes);
  }

  private static String body(String statement, String member, String value) {
    return "{\"stmt\":\""
        + statement.replace("\"", "\\\"")
        + "\",\""
        + member
        + "\":"
        + value
        + "}";
  }

  @Override
  public long count() throws IOException {
    post(body("REFRESH TABLE " + table, "args", "[]").getBytes(StandardCharsets.UTF_8));
    String answer =
        post(body("SELECT count(*) FROM " + table, "args", "[]").getBytes(StandardCharsets.UTF_8));
    Matcher count = Pattern.compile("\"rows\":\\[\\[(\\d+)]]").matcher(answer);
    if (!count.find()) {
      throw new IOException(answer);
    }
    return Long.parseLong(count.group(1));
  }

  private String post(byte[] body) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url.baseUrls().get(0) + "/_sql").toURL().openConnection();
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length);
    connection.setRequestProperty("Content-Type", "application/json");
    if (url.password() != null) {
      String login = url.user() + ":" + url.password().reveal();
      connection.setRequestProperty(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    if (connection.getResponseCode() != 200) {
      throw new IOException("CrateDB answered " + connection.getResponseCode());
    }
    try (InputStream in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public int connections() {
    return CONNECTIONS;
  }

  @Override
  public void close() {}
}
