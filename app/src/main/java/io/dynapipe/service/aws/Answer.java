package io.dynapipe.service.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** What an operation answers: a document, or an event stream that lasts. */
public sealed interface Answer permits Answer.Document, Answer.Events {

  record Document(ObjectNode body) implements Answer {}

  /** Written by {@code body} until it returns or the reader has gone. */
  record Events(Body body) implements Answer {}

  /** Writes an event stream. */
  interface Body {
    void writeTo(EventStream stream) throws IOException, InterruptedException;
  }

  static Answer of(ObjectNode body) {
    return new Document(body);
  }
}
