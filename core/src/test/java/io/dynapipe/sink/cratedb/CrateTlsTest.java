package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the URL says about TLS holds against a server with a certificate for localhost. */
final class CrateTlsTest {

  private static final byte[] DONE =
      "{\"cols\":[\"1\"],\"rows\":[[1]],\"rowcount\":1}".getBytes(StandardCharsets.UTF_8);

  @TempDir private static Path folder;
  private static TestCertificates certificates;
  private static HttpsServer open;
  private static HttpsServer strict;

  @BeforeAll
  static void start() throws IOException {
    certificates = new TestCertificates(folder);
    open = server(false);
    strict = server(true);
  }

  @AfterAll
  static void stop() {
    open.stop(0);
    strict.stop(0);
  }

  private static HttpsServer server(boolean clients) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(certificates.serverContext()) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
            ssl.setNeedClientAuth(clients);
            parameters.setSSLParameters(ssl);
          }
        });
    server.createContext(
        "/_sql",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, DONE.length);
          exchange.getResponseBody().write(DONE);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static int ask(HttpsServer server, String host, String parameters) {
    String url =
        "crate://" + host + ":" + server.getAddress().getPort() + "/?ssl=true" + parameters;
    CrateSettings settings =
        CrateSettings.of((CrateUrl) SinkUrl.parse(url, Map.of()))
            .withRetryLimit(Duration.ofMillis(1));
    return new CrateClient(settings).execute("SELECT 1").rows().size();
  }

  @Test
  void anAuthorityThatIsNotTrustedIsRefused() {
    assertThatThrownBy(() -> ask(open, "localhost", ""))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("TLS with localhost");
    assertThatThrownBy(() -> ask(open, "localhost", "&ca_cert=" + certificates.file("other")))
        .hasMessageContaining("TLS with localhost");
  }

  @Test
  void theAuthorityOfAFileIsTrusted() {
    assertThat(ask(open, "localhost", "&ca_cert=" + certificates.file("authority"))).isOne();
  }

  @Test
  void anotherHostsCertificateIsRefusedUnlessTold() {
    String ca = "&ca_cert=" + certificates.file("authority");

    assertThatThrownBy(() -> ask(open, "127.0.0.1", ca)).hasMessageContaining("127.0.0.1");
    assertThat(ask(open, "127.0.0.1", ca + "&sslmode=verify-ca")).isOne();
  }

  @Test
  void nothingIsCheckedWhenAPersonSaysSo() {
    assertThat(ask(open, "127.0.0.1", "&verify_ssl_cert=false")).isOne();
  }

  @Test
  void theClientShowsItsCertificate() {
    String ca = "&ca_cert=" + certificates.file("authority");
    String client =
        "&cert_file=" + certificates.file("client") + "&key_file=" + certificates.key("client");

    assertThatThrownBy(() -> ask(strict, "localhost", ca)).isInstanceOf(PipelineException.class);
    assertThat(ask(strict, "localhost", ca + client)).isOne();
  }

  @Test
  void aFileThatIsNoCertificateIsNamed() {
    assertThatThrownBy(() -> ask(open, "localhost", "&ca_cert=" + certificates.key("client")))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("client.key");
  }
}
