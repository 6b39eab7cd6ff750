package io.dynapipe.service.aws;

import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets pass what is signed by Signature Version 4 with known credentials, lately, and whole.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html">Create
 *     a signed AWS API request</a>
 */
public final class SignatureGuard implements RequestGuard {

  /** AWS's own window: what is older may have been recorded by someone. */
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 +Credential=([^/, ]+)/([0-9]{8})/([^/, ]+)/([^/, ]+)/aws4_request,"
              + " *SignedHeaders=([^, ]+), *Signature=([0-9a-f]{64})");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The service in a signature's scope, by the prefix of X-Amz-Target. */
  private static final Map<String, String> SERVICES =
      Map.of(
          "AmazonDMSv20160101", "dms",
          "Logs_20140328", "logs",
          "Kinesis_20131202", "kinesis");

  private final Map<String, Secret> secrets;
  private final String region;
  private final Clock clock;

  /**
   * A guard.
   *
   * @param secrets by access key id
   */
  public SignatureGuard(Map<String, Secret> secrets, String region, Clock clock) {
    this.secrets = Map.copyOf(secrets);
    this.region = region;
    this.clock = clock;
  }

  @Override
  public void check(HttpExchange exchange, byte[] body) {
    @Nullable String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null) {
      throw Fault.withStatus(
          403, "MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    Matcher parts = AUTHORIZATION.matcher(header.strip());
    if (!parts.matches()) {
      throw Fault.of(
          "IncompleteSignatureException",
          "Authorization must be AWS4-HMAC-SHA256 with Credential, SignedHeaders and Signature.");
    }
    @Nullable Secret secret = secrets.get(parts.group(1));
    if (secret == null) {
      throw Fault.withStatus(
          403,
          "UnrecognizedClientException",
          "The security token included in the request is invalid.");
    }
    requireScope(parts, exchange);
    String time = requireTime(exchange, parts.group(2));
    List<String> signed = List.of(parts.group(5).split(";"));
    requireSigned(exchange, signed);
    SignedRequest request = new SignedRequest(exchange, signed, body);
    String expected =
        request.signature(secret.reveal(), time, parts.group(2), parts.group(3), parts.group(4));
    if (!MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII),
        parts.group(6).getBytes(StandardCharsets.US_ASCII))) {
      throw invalid(
          "The request signature we calculated does not match the signature you provided. Check"
              + " your AWS Secret Access Key and signing method.");
    }
  }

  private static Fault invalid(String message) {
    return Fault.withStatus(403, "InvalidSignatureException", message);
  }

  private void requireScope(Matcher parts, HttpExchange exchange) {
    if (!parts.group(3).equals(region)) {
      throw invalid("Credential should be scoped to a valid region, not '" + parts.group(3) + "'.");
    }
    String target =
        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Amz-Target"), "");
    String prefix = target.substring(0, Math.max(0, target.lastIndexOf('.')));
    String service = SERVICES.getOrDefault(prefix, parts.group(4));
    if (!parts.group(4).equals(service)) {
      throw invalid("Credential should be scoped to correct service: '" + service + "'.");
    }
  }

  private String requireTime(HttpExchange exchange, String date) {
    String time =
        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Amz-Date"), "");
    Instant signed;
    try {
      signed = Instant.from(TIME.parse(time));
    } catch (DateTimeException e) {
      throw Fault.of(
          "IncompleteSignatureException", "X-Amz-Date must be a time like 20260131T235959Z.");
    }
    if (!time.startsWith(date)) {
      throw invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version.");
    }
    Instant now = clock.instant();
    if (Duration.between(signed, now).abs().compareTo(WINDOW) > 0) {
      throw invalid(
          "Signature expired: " + time + " is more than 5 minutes from " + TIME.format(now) + ".");
    }
    return time;
  }

  /** What could change the request's meaning has to be signed. */
  private static void requireSigned(HttpExchange exchange, List<String> signed) {
    for (String name : exchange.getRequestHeaders().keySet()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if ((lower.equals("host") || lower.startsWith("x-amz-")) && !signed.contains(lower)) {
        throw invalid("'" + lower + "' must be a signed header.");
      }
    }
  }
}
