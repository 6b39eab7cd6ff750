package io.dynapipe.sink.cratedb;

import io.dynapipe.config.Secret;
import io.dynapipe.error.PipelineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Posts bodies to {@code /_sql} of one of several hosts. Connections are kept alive by the JDK. A
 * host that cannot be connected to is passed over at once; a connection that breaks later is an
 * error, since the statement may have been executed. Thread-safe.
 *
 * <p>{@code HttpURLConnection}, since {@code java.net.http} needs 0.4 s for its first request in a
 * cold JVM.
 */
final class CrateHttp {

  private final List<URL> urls;
  private final CrateSettings.Server server;
  private volatile @Nullable String authorization;
  private final boolean gzip;
  private final @Nullable SSLSocketFactory sockets;
  private final @Nullable HostnameVerifier verifier;
  private final AtomicInteger next = new AtomicInteger();

  CrateHttp(CrateSettings.Server server, boolean gzip) {
    this.server = server;
    this.gzip = gzip;
    this.urls = server.hosts().stream().map(CrateHttp::url).toList();
    this.authorization = authorization(server);
    boolean tls = server.hosts().stream().anyMatch(host -> "https".equals(host.getScheme()));
    this.sockets = tls ? CrateTls.sockets(server.tls()) : null;
    this.verifier = tls ? CrateTls.hostnames(server.tls()) : null;
  }

  private static URL url(URI host) {
    try {
      return host.resolve("/_sql").toURL();
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw PipelineException.input(
          "'" + host + "' is not the address of a CrateDB node", "Give http://host:4200.");
    }
  }

  private static @Nullable String authorization(CrateSettings.Server server) {
    Secret token = server.token();
    if (token != null) {
      return "Bearer " + token.reveal();
    }
    if (server.user() == null) {
      return null;
    }
    Secret password = server.password();
    String pair = server.user() + ":" + (password == null ? "" : password.reveal());
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends one request.
   *
   * @throws PipelineException retryable: no host answers or the connection broke; environment: TLS
   *     does not come about, or the credentials are refused
   */
  SqlAnswer post(byte[] body, int length, Duration readTimeout) {
    // A host keeps its turn while it can be connected to: kept connections then are of use.
    int first = Math.floorMod(next.get(), urls.size());
    PipelineException last = null;
    for (int i = 0; i < urls.size(); i++) {
      int turn = (first + i) % urls.size();
      URL url = urls.get(turn);
      HttpURLConnection connection;
      try {
        connection = connect(url, readTimeout, length);
      } catch (SSLHandshakeException e) {
        throw PipelineException.environment(
            "TLS with " + url.getAuthority() + " failed: " + e.getMessage(),
            "Check the CA file, the client certificate, and whether the host speaks TLS.",
            e);
      } catch (IOException e) {
        next.compareAndSet(first, turn + 1);
        last = unreachable(url, e);
        continue;
      }
      return exchange(connection, url, body, length);
    }
    throw last == null ? PipelineException.retryable("no CrateDB host", null) : last;
  }

  /**
   * Reads password or token again, as after a refusal; whether it is another one now, so that a
   * request is worth another try.
   */
  boolean renewAuthorization() {
    String before = authorization;
    authorization = authorization(server);
    return !Objects.equals(before, authorization);
  }

  /**
   * Lets the next request go to another host, as after an answer that says a node is in trouble.
   */
  void tryAnotherHost() {
    next.incrementAndGet();
  }

  /**
   * Whether the node that has its turn is still starting. For some three seconds it then answers
   * statements, but as if there were no tables; {@code GET /} is 503 or 400 until it knows them.
   */
  boolean isStarting() {
    URL url = urls.get(Math.floorMod(next.get(), urls.size()));
    try {
      HttpURLConnection connection = open(new URL(url, "/"), server.connectTimeout());
      connection.setRequestMethod("GET");
      int status = connection.getResponseCode();
      byte[] unused = read(connection, status);
      return status == HttpURLConnection.HTTP_UNAVAILABLE
          || status == HttpURLConnection.HTTP_BAD_REQUEST;
    } catch (IOException e) {
      return true;
    }
  }

  private static PipelineException unreachable(URL url, IOException e) {
    String cause = e instanceof java.net.UnknownHostException ? "unknown host" : e.getMessage();
    return PipelineException.retryable(
        "cannot connect to CrateDB at " + url.getAuthority() + ": " + cause, e);
  }

  private HttpURLConnection open(URL url, Duration readTimeout) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    if (connection instanceof HttpsURLConnection secure && sockets != null) {
      secure.setSSLSocketFactory(sockets);
      if (verifier != null) {
        secure.setHostnameVerifier(verifier);
      }
    }
    connection.setConnectTimeout((int) server.connectTimeout().toMillis());
    connection.setReadTimeout((int) readTimeout.toMillis());
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept", "application/json");
    String header = authorization;
    if (header != null) {
      connection.setRequestProperty("Authorization", header);
    }
    return connection;
  }

  private HttpURLConnection connect(URL url, Duration readTimeout, int length) throws IOException {
    HttpURLConnection connection = open(url, readTimeout);
    connection.setDoOutput(true);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "application/json");
    // Streaming also keeps the JDK from posting a second time by itself.
    if (gzip) {
      connection.setRequestProperty("Content-Encoding", "gzip");
      connection.setChunkedStreamingMode(1 << 16);
    } else {
      connection.setFixedLengthStreamingMode(length);
    }
    connection.connect();
    return connection;
  }

  private SqlAnswer exchange(HttpURLConnection connection, URL url, byte[] body, int length) {
    try {
      try (OutputStream out = output(connection)) {
        out.write(body, 0, length);
      }
      int status = connection.getResponseCode();
      return SqlAnswer.read(status, read(connection, status));
    } catch (java.net.HttpRetryException e) {
      // A 401 while streaming: the JDK gives no body.
      return SqlAnswer.read(e.responseCode(), new byte[0]);
    } catch (SSLException e) {
      connection.disconnect();
      throw PipelineException.retryable("TLS with " + url.getAuthority() + " broke: " + e, e);
    } catch (IOException e) {
      connection.disconnect();
      next.incrementAndGet();
      throw PipelineException.retryable(
          "the connection to CrateDB at " + url.getAuthority() + " broke: " + e.getMessage(), e);
    }
  }

  private OutputStream output(HttpURLConnection connection) throws IOException {
    OutputStream out = connection.getOutputStream();
    if (!gzip) {
      return out;
    }
    return new GZIPOutputStream(out, 1 << 16) {
      {
        def.setLevel(Deflater.BEST_SPEED);
      }
    };
  }

  private static byte[] read(HttpURLConnection connection, int status) throws IOException {
    // The body has to be read to its end for the connection to be used again.
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      if (in == null) {
        return new byte[0];
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 12);
      in.transferTo(bytes);
      return bytes.toByteArray();
    }
  }
}
