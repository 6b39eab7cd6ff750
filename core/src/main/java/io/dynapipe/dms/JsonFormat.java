package io.dynapipe.dms;

import io.dynapipe.json.JsonBuffer;
import java.nio.charset.StandardCharsets;

/** Pieces of JSON text. */
final class JsonFormat {

  private JsonFormat() {}

  /** {@code "name":json}. */
  static void member(JsonBuffer out, String name, String json) {
    out.string(name).raw(':').raw(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Lays out a JSON text with line breaks and tabs, as message format {@code json} has it: a tab
   * after each colon, a blank after each comma of an array.
   *
   * @param json valid and without blanks between its tokens
   */
  static void format(byte[] json, int offset, int length, JsonBuffer out) {
    StringBuilder open = new StringBuilder();
    boolean inString = false;
    for (int i = offset; i < offset + length; i++) {
      char c = (char) json[i];
      if (inString) {
        out.raw(c);
        if (c == '\\') {
          out.raw((char) json[++i]);
        }
        inString = c != '"';
      } else {
        inString = c == '"';
        structure(c, open, out);
      }
    }
  }

  /** One character outside strings; {@code open} holds the brackets around it. */
  private static void structure(char c, StringBuilder open, JsonBuffer out) {
    int last = open.length() - 1;
    switch (c) {
      case '{' -> line(out.raw(c), open.append(c).length());
      case '[' -> {
        open.append(c);
        out.raw(c);
      }
      case '}' -> {
        open.setLength(last);
        closeObject(out, last);
      }
      case ']' -> {
        open.setLength(last);
        out.raw(c);
      }
      case ':' -> out.raw(":\t");
      case ',' -> {
        out.raw(c);
        if (open.charAt(last) == '[') {
          out.raw(' ');
        } else {
          line(out, open.length());
        }
      }
      default -> out.raw(c);
    }
  }

  private static void closeObject(JsonBuffer out, int depth) {
    if (out.array()[out.size() - 1] == '\t') {
      // An empty object: take back the indentation of the member that did not come.
      out.truncate(out.size() - 1);
      out.raw('}');
    } else {
      line(out, depth).raw('}');
    }
  }

  private static JsonBuffer line(JsonBuffer out, int depth) {
    out.raw('\n');
    for (int i = 0; i < depth; i++) {
      out.raw('\t');
    }
    return out;
  }
}
