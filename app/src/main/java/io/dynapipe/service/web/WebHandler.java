package io.dynapipe.service.web;

import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.service.aws.Fault;
import java.io.IOException;

/** Answers requests for pages and figures. Thread-safe. */
public interface WebHandler {

  /**
   * Answers a request.
   *
   * @throws Fault when it may not be, or cannot be answered; before anything was sent
   */
  void handle(HttpExchange exchange) throws IOException;
}
