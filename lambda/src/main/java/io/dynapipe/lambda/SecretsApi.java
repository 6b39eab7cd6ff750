package io.dynapipe.lambda;

import io.dynapipe.error.PipelineException;
import io.dynapipe.json.JsonBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Asks AWS Secrets Manager itself, with the function's own credentials. Functions that are images
 * cannot have the layer of {@link SecretsExtension}, and an SDK would weigh more than all the rest.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">
 *     Create a signed AWS API request</a>
 */
final class SecretsApi {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String SERVICE = "secretsmanager";
  private static final String TARGET = "secretsmanager.GetSecretValue";
  private static final String CONTENT_TYPE = "application/x-amz-json-1.1";
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Map<String, String> environment;
  private final Clock clock;

  SecretsApi(Map<String, String> environment, Clock clock) {
    this.environment = Map.copyOf(environment);
    this.clock = clock;
  }

  /**
   * A secret's text.
   *
   * @param id name or ARN; with an ARN, its region is asked
   * @throws PipelineException (environment) when it cannot be had
   */
  String read(String id) {
    String region = region(id);
    URI uri = endpoint(region);
    byte[] body = new JsonBuffer(128).raw("{\"SecretId\":").string(id).raw('}').toBytes();
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      headers(uri, region, body).forEach(connection::setRequestProperty);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw unavailable(id, refusal(connection, status), null);
      }
      try (InputStream in = connection.getInputStream()) {
        return SecretsExtension.secretString(id, in);
      }
    } catch (IOException e) {
      throw unavailable(id, String.valueOf(e.getMessage()), e);
    }
  }

  private static String refusal(HttpURLConnection connection, int status) throws IOException {
    try (InputStream in = connection.getErrorStream()) {
      String text = in == null ? "" : new String(in.readNBytes(500), StandardCharsets.UTF_8);
      return "HTTP status " + status + " " + text;
    }
  }

  private String region(String id) {
    String[] parts = id.split(":", 5);
    return parts.length == 5 && parts[0].equals("arn")
        ? parts[3]
        : environment.getOrDefault("AWS_REGION", "us-east-1");
  }

  private URI endpoint(String region) {
    String suffix = region.startsWith("cn-") ? ".amazonaws.com.cn/" : ".amazonaws.com/";
    String redirected =
        environment.getOrDefault(
            "AWS_ENDPOINT_URL_SECRETS_MANAGER", environment.getOrDefault("AWS_ENDPOINT_URL", ""));
    return URI.create(
        redirected.isEmpty() ? "https://" + SERVICE + "." + region + suffix : redirected + "/");
  }

  /** All headers but Host, which the connection sets to what was signed. */
  SortedMap<String, String> headers(URI uri, String region, byte[] body) {
    String time = TIME.format(clock.instant());
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("content-type", CONTENT_TYPE);
    headers.put("x-amz-date", time);
    headers.put("x-amz-target", TARGET);
    String token = environment.getOrDefault("AWS_SESSION_TOKEN", "");
    if (!token.isEmpty()) {
      headers.put("x-amz-security-token", token);
    }
    SortedMap<String, String> signed = new TreeMap<>(headers);
    signed.put("host", uri.getRawAuthority());
    String names = String.join(";", signed.keySet());
    StringBuilder request = new StringBuilder("POST\n/\n\n");
    signed.forEach((name, value) -> request.append(name).append(':').append(value).append('\n'));
    request.append('\n').append(names).append('\n').append(hash(body));
    String scope = time.substring(0, 8) + "/" + region + "/" + SERVICE + "/aws4_request";
    String toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n" + hash(bytes(request.toString()));
    byte[] key = bytes("AWS4" + environment.getOrDefault("AWS_SECRET_ACCESS_KEY", ""));
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    headers.put(
        "authorization",
        ALGORITHM
            + " Credential="
            + environment.getOrDefault("AWS_ACCESS_KEY_ID", "")
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + HexFormat.of().formatHex(hmac(key, toSign)));
    return headers;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hash(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(bytes(data));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HMAC", e);
    }
  }

  private static PipelineException unavailable(
      String id, String what, @Nullable IOException cause) {
    return PipelineException.environment(
        "the secret " + id + " cannot be read: " + what,
        "Allow the function's role secretsmanager:GetSecretValue for this secret; in a VPC, give it"
            + " a VPC endpoint for Secrets Manager.",
        cause);
  }
}
