package io.dynapipe.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.dynapipe.error.PipelineException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsApiTest {

  private static final String ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:s-1";
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
          "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
          "AWS_SESSION_TOKEN", "token",
          "AWS_REGION", "us-east-1");

  /** The signature that botocore makes of the same request. */
  @Test
  void signsAsAwsDoes() {
    Map<String, String> headers =
        new SecretsApi(ENVIRONMENT, CLOCK)
            .headers(
                URI.create("https://secretsmanager.eu-central-1.amazonaws.com/"),
                "eu-central-1",
                ("{\"SecretId\":\"" + ARN + "\"}").getBytes(UTF_8));

    assertThat(headers)
        .containsEntry(
            "authorization",
            "AWS4-HMAC-SHA256"
                + " Credential=AKIDEXAMPLE/20260102/eu-central-1/secretsmanager/aws4_request,"
                + " SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target,"
                + " Signature=06552283999409ceb00f4a731138be4eb650abd6e83e568c8d4a4a170425e06e");
  }

  @Test
  void readsASecret() throws Exception {
    assertThat(ask(200, "{\"Name\":\"s\",\"SecretString\":\"crate://h:4200\"}"))
        .isEqualTo("crate://h:4200");
  }

  @Test
  void tellsARefusal() {
    assertThatThrownBy(() -> ask(400, "{\"__type\":\"AccessDeniedException\"}"))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("HTTP status 400")
        .hasMessageContaining("AccessDeniedException");
  }

  private static String ask(int status, String answer) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status, answer.length());
          exchange.getResponseBody().write(answer.getBytes(UTF_8));
          exchange.close();
        });
    server.start();
    try {
      Map<String, String> environment = new HashMap<>(ENVIRONMENT);
      environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.getAddress().getPort());
      return new SecretsApi(environment, CLOCK).read(ARN);
    } finally {
      server.stop(0);
    }
  }
}
