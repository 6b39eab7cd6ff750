package io.dynapipe.service.aws;

import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A request in the canonical form of Signature Version 4. */
final class SignedRequest {

  private static final HexFormat HEX = HexFormat.of();

  private final String canonical;

  SignedRequest(HttpExchange exchange, List<String> signedHeaders, byte[] body) {
    URI uri = exchange.getRequestURI();
    canonical =
        exchange.getRequestMethod()
            + "\n"
            + path(uri)
            + "\n"
            + query(uri.getRawQuery())
            + "\n"
            + signedHeaders.stream()
                .map(name -> name + ":" + header(exchange, name) + "\n")
                .collect(Collectors.joining())
            + "\n"
            + String.join(";", signedHeaders)
            + "\n"
            + HEX.formatHex(sha256(body));
  }

  private static String path(URI uri) {
    String path = uri.getRawPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  private static String query(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return "";
    }
    List<String> pairs = new ArrayList<>();
    for (String pair : raw.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      pairs.add(encoded(name) + "=" + encoded(value));
    }
    return pairs.stream().sorted().collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(
            URLDecoder.decode(text, StandardCharsets.UTF_8), StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static String header(HttpExchange exchange, String name) {
    @Nullable List<String> values = exchange.getRequestHeaders().get(name);
    return values == null
        ? ""
        : values.stream()
            .map(value -> value.strip().replaceAll(" +", " "))
            .collect(Collectors.joining(","));
  }

  /** The signature that the owner of a secret would make, in hexadecimal digits. */
  String signature(String secret, String time, String date, String region, String service) {
    String scope = date + "/" + region + "/" + service + "/aws4_request";
    String toSign =
        "AWS4-HMAC-SHA256\n"
            + time
            + "\n"
            + scope
            + "\n"
            + HEX.formatHex(sha256(canonical.getBytes(StandardCharsets.UTF_8)));
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(date, region, service, "aws4_request")) {
      key = hmac(key, part);
    }
    return HEX.formatHex(hmac(key, toSign));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
