package io.dynapipe.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Calls the service as SDKs do, without their checks. */
public final class ApiClient {

  /** What came back. */
  public record Reply(int status, JsonNode body) {

    public String fault() {
      return body.path("__type").asText();
    }

    public String message() {
      return body.path("message").asText();
    }
  }

  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  public ApiClient(int port) {
    this.port = port;
  }

  public Reply dms(String operation, String json) {
    return send("AmazonDMSv20160101." + operation, quoted(json), "POST");
  }

  public Reply logs(String operation, String json) {
    return send("Logs_20140328." + operation, quoted(json), "POST");
  }

  /** Single quotes stand for double ones, which are hard to read in Java. */
  private static byte[] quoted(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  public Reply send(String target, byte[] body, String method, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"))
            .header("Content-Type", "application/x-amz-json-1.1")
            .method(method, BodyPublishers.ofByteArray(body));
    if (!target.isEmpty()) {
      request.header("X-Amz-Target", target);
    }
    for (int i = 0; i + 1 < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
      return new Reply(answer.statusCode(), MAPPER.readTree(answer.body()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
