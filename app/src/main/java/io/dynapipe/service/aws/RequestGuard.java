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
}
