package io.dynapipe.service.web;

import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.config.Secret;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.RequestGuard;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lets pass who knows the password: browsers ask for it (any user name will do), programs send it
 * as bearer token.
 */
public final class PasswordGuard implements RequestGuard {

  private static final String BASIC = "basic ";
  private static final String BEARER = "bearer ";

  private final byte[] password;

  public PasswordGuard(Secret password) {
    this.password = password.reveal().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void check(HttpExchange exchange, byte[] body) {
    @Nullable String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !MessageDigest.isEqual(given(header), password)) {
      exchange
          .getResponseHeaders()
          .set("WWW-Authenticate", "Basic realm=\"Dynapipe\", charset=\"UTF-8\"");
      throw Fault.withStatus(401, "Unauthorized", "The console's password is needed.");
    }
  }

  private static byte[] given(String header) {
    String lower = header.toLowerCase(Locale.ROOT);
    if (lower.startsWith(BEARER)) {
      return header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
    }
    if (!lower.startsWith(BASIC)) {
      return new byte[0];
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
      String pair = new String(decoded, StandardCharsets.UTF_8);
      return pair.substring(pair.indexOf(':') + 1).getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
