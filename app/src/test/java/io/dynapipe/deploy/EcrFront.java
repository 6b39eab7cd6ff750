package io.dynapipe.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** moto's ECR, whose repositories are said to lie in a registry that really takes images. */
final class EcrFront implements AutoCloseable {

  private static final String AWS_REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

  private final HttpServer server;
  private final String moto;
  private final String registry;

  EcrFront(String moto, String registry) throws IOException {
    this.moto = moto;
    this.registry = registry;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::forward);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void forward(HttpExchange exchange) throws IOException {
    HttpURLConnection to = (HttpURLConnection) URI.create(moto + "/").toURL().openConnection();
    to.setRequestMethod("POST");
    to.setDoOutput(true);
    for (String name :
        new String[] {"Authorization", "X-Amz-Target", "Content-Type", "X-Amz-Date"}) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        to.setRequestProperty(name, value);
      }
    }
    to.getOutputStream().write(exchange.getRequestBody().readAllBytes());
    int status = to.getResponseCode();
    try (InputStream in = status < 400 ? to.getInputStream() : to.getErrorStream()) {
      byte[] body =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("https://" + AWS_REGISTRY, "http://" + registry)
              .replace(AWS_REGISTRY, registry)
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
