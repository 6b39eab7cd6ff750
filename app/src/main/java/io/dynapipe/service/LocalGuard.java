package io.dynapipe.service;

import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.RequestGuard;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lets pass what comes to a loopback address by a loopback name. The name is checked since a web
 * page may have its own name point here; the origin, since it may send requests as they are.
 */
final class LocalGuard implements RequestGuard {

  @Override
  public void check(HttpExchange exchange, byte[] body) {
    String host = hostOf(exchange.getRequestHeaders().getFirst("Host"));
    if (!isLocal(host)) {
      throw Fault.withStatus(
          403,
          "AccessDeniedException",
          "This service answers to localhost only, and the request names another host.");
    }
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    if (origin != null && !isLocal(hostOf(origin.replaceFirst("^https?://", "")))) {
      throw Fault.withStatus(
          403, "AccessDeniedException", "Requests of web pages from elsewhere are refused.");
    }
  }

  private static String hostOf(@Nullable String address) {
    String host = address == null ? "" : address.toLowerCase(Locale.ROOT);
    return host.startsWith("[")
        ? host.substring(0, host.indexOf(']') + 1)
        : host.replaceFirst(":[0-9]*$", "");
  }

  /** Clients put a prefix before the name for live tails. */
  private static boolean isLocal(String host) {
    String name = host.replaceFirst("^(stream|streaming)-", "");
    return name.equals("localhost") || name.equals("127.0.0.1") || name.equals("[::1]");
  }
}
