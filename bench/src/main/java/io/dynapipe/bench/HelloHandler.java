package io.dynapipe.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The least function: what Java and Lambda's runtime cost alone. */
public final class HelloHandler {

  /** Reads the event and answers. */
  public void handleRequest(InputStream event, OutputStream answer) throws IOException {
    event.readAllBytes();
    answer.write("{\"batchItemFailures\":[]}".getBytes(StandardCharsets.US_ASCII));
  }
}
