package io.dynapipe.service.aws;

import com.sun.net.httpserver.HttpExchange;

/** Decides who may call. */
public interface RequestGuard {

  /**
   * Lets a request pass.
   *
   * @param body as it came
   * @throws Fault when it may not
   */
  void check(HttpExchange exchange, byte[] body);

  /** Lets pass what both let pass. */
  default RequestGuard and(RequestGuard next) {
    return (exchange, body) -> {
      check(exchange, body);
      next.check(exchange, body);
    };
  }
}
