package io.dynapipe.service.console;

import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.service.aws.Fault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a request comes from the console's own page: pages from elsewhere can send requests
 * here, but cannot read the token. New with each start of the service. Immutable.
 */
final class SessionToken {

  private static final int BYTES = 24;
  private static final String HEADER = "X-Dynapipe-Token";

  private final String text;

  SessionToken() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    text = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  String text() {
    return text;
  }

  /**
   * Lets a request pass that changes something.
   *
   * @throws Fault (403) when it lacks the token or comes from another origin
   */
  void require(HttpExchange exchange) {
    @Nullable String given = exchange.getRequestHeaders().getFirst(HEADER);
    boolean same =
        given != null
            && MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    @Nullable String origin = exchange.getRequestHeaders().getFirst("Origin");
    @Nullable String host = exchange.getRequestHeaders().getFirst("Host");
    boolean own = origin == null || origin.replaceFirst("^https?://", "").equals(host);
    if (!same || !own) {
      throw Fault.withStatus(
          403, "AccessDenied", "This request does not come from the console's page: reload it.");
    }
  }
}
