package io.dynapipe.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.dynapipe.config.CrateUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an HTTP server that answers as the extension does. */
class SecretsExtensionTest {

  private static final String ARN = "arn:aws:secretsmanager:eu-central-1:1:secret:sink-AbCdEf";

  private HttpServer extension;
  private volatile int status = 200;
  private volatile String answer = "";
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    extension = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
    extension.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestURI().getQuery()
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-Aws-Parameters-Secrets-Token"));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    extension.start();
  }

  @AfterEach
  void stop() {
    extension.stop(0);
  }

  @Test
  void takesTheWholeUrlFromASecret() {
    answer = "{\"ARN\":\"x\",\"Versions\":[\"a\"],\"SecretString\":\"crate://u:p%40@h:4200/s\"}";

    CrateUrl url = (CrateUrl) address(Map.of()).url();

    assertThat(url).hasToString("crate://u:***@h:4200/s");
    assertThat(asked).containsExactly("secretId=" + ARN + " the-token");
  }

  @Test
  void takesUserAndPasswordFromASecretOfJson() {
    answer =
        "{\"SecretString\":\"{\\\"username\\\":\\\"u\\\",\\\"port\\\":1,"
            + "\\\"password\\\":\\\"p@/\\\"}\"}";

    CrateUrl url = (CrateUrl) address(Map.of("DYNAPIPE_SINK", "crate://h:4200/s")).url();

    assertThat(url.user()).isEqualTo("u");
    assertThat(url.password().reveal()).isEqualTo("p@/");
  }

  @Test
  void tellsHowToAllowASecretThatIsDenied() {
    status = 400;

    assertThatThrownBy(() -> address(Map.of()).url())
        .hasMessage("the secret " + ARN + " cannot be read: HTTP status 400")
        .extracting("cure")
        .asString()
        .contains("secretsmanager:GetSecretValue");
  }

  @Test
  void doesNotShowASecretThatIsOfNoUse() {
    answer = "{\"SecretString\":\"{\\\"username\\\":\\\"u\\\",\\\"passwort\\\":\\\"hush\\\"\"}";

    assertThatThrownBy(() -> address(Map.of()).url())
        .hasMessageContaining("neither a sink URL nor username and password")
        .hasMessageNotContaining("hush");
  }

  private SinkAddress address(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("DYNAPIPE_SINK_SECRET", ARN);
    environment.put("AWS_SESSION_TOKEN", "the-token");
    environment.put(
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT",
        Integer.toString(extension.getAddress().getPort()));
    return new SinkAddress(environment);
  }
}
