package io.dynapipe.dms;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.json.JsonBuffer;
import java.io.IOException;

/** Takes a whole JSON value from a parser as text: one line, numbers as they were written. */
final class JsonCopy {

  private JsonCopy() {}

  /** The value that the parser stands at; it then stands at the value's last token. */
  static String text(JsonParser parser) throws IOException {
    JsonBuffer out = new JsonBuffer(256);
    Utf8Sink sink = new Utf8Sink();
    int depth = 0;
    boolean first = true;
    for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
      if (token == null || token == JsonToken.NOT_AVAILABLE) {
        throw new Malformed("the record ends within a value");
      }
      if (token.isStructEnd()) {
        depth--;
      } else if (!first) {
        out.raw(',');
      }
      write(token, parser, sink, out);
      if (token.isStructStart()) {
        depth++;
      }
      first = token.isStructStart() || token == JsonToken.FIELD_NAME;
      if (depth == 0 && token != JsonToken.FIELD_NAME) {
        return out.toString();
      }
    }
  }

  private static void write(JsonToken token, JsonParser parser, Utf8Sink sink, JsonBuffer out)
      throws IOException {
    if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
      sink.reset();
      sink.append(parser);
      out.string(sink.bytes(), 0, sink.size());
      if (token == JsonToken.FIELD_NAME) {
        out.raw(':');
      }
    } else {
      out.raw(parser.getText());
    }
  }
}
