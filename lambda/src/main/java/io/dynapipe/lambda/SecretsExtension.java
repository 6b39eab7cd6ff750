package io.dynapipe.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks the AWS Parameters and Secrets Lambda Extension, which answers plain HTTP on loopback, so
 * that the function needs no SDK.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html">
 *     Use Secrets Manager secrets in Lambda functions</a>
 */
final class SecretsExtension {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String DEFAULT_PORT = "2773";
  private static final int TIMEOUT_MILLIS = 5_000;

  private final String baseUrl;
  private final String token;

  private SecretsExtension(String baseUrl, String token) {
    this.baseUrl = baseUrl;
    this.token = token;
  }

  /** The extension of this execution environment. */
  static SecretsExtension of(Map<String, String> environment) {
    String port = environment.getOrDefault("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", DEFAULT_PORT);
    return new SecretsExtension(
        "http://localhost:" + port, environment.getOrDefault("AWS_SESSION_TOKEN", ""));
  }

  /**
   * A secret's text.
   *
   * @param id name or ARN
   * @throws PipelineException (environment) when it cannot be had
   */
  String read(String id) {
    URI uri =
        URI.create(
            baseUrl
                + "/secretsmanager/get?secretId="
                + URLEncoder.encode(id, StandardCharsets.UTF_8));
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setRequestProperty("X-Aws-Parameters-Secrets-Token", token);
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw unavailable(id, "HTTP status " + status, null);
      }
      try (InputStream body = connection.getInputStream()) {
        return secretString(id, body);
      }
    } catch (IOException e) {
      throw unavailable(id, String.valueOf(e.getMessage()), e);
    }
  }

  /** The text in an answer of the extension, or of Secrets Manager itself. */
  static String secretString(String id, InputStream body) throws IOException {
    try (JsonParser in = JSON.createParser(body)) {
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = in.currentName().equals("SecretString");
        if (in.nextToken() == JsonToken.VALUE_STRING && wanted) {
          return in.getText();
        }
        in.skipChildren();
      }
    }
    throw unavailable(id, "it has no SecretString", null);
  }

  private static PipelineException unavailable(String id, String what, @Nullable IOException e) {
    return PipelineException.environment(
        "the secret " + id + " cannot be read: " + what,
        "Add the layer AWS-Parameters-and-Secrets-Lambda-Extension to the function, and allow its"
            + " role secretsmanager:GetSecretValue for this secret.",
        e);
  }
}
