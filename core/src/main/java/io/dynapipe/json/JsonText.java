package io.dynapipe.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Answers whether a text is JSON: one value of RFC 8259, with nothing but white space around it.
 * There is no limit on depth, on the length of numbers or on that of strings, since PostgreSQL's
 * json has none that a document would meet first.
 */
public final class JsonText {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // The bytes are UTF-8; a zero byte must not make them UTF-16.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          // Documents may have any member names: they are neither worth interning nor a reason
          // to fail.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonText() {}

  /** Whether the text is one JSON value. */
  public static boolean isValid(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return isValid(utf8, 0, utf8.length);
  }

  /** Whether the UTF-8 bytes are one JSON value. */
  public static boolean isValid(byte[] utf8, int offset, int length) {
    try (JsonParser parser = FACTORY.createParser(utf8, offset, length)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      // Strings and numbers are read lazily: finishing makes the parser look at every byte.
      parser.finishToken();
      return parser.nextToken() == null;
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }
}
