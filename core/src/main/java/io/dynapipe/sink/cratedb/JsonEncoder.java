package io.dynapipe.sink.cratedb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.dynapipe.event.Column;
import io.dynapipe.event.Row;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.json.JsonbSpelling;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * OBJECT and ARRAY: JSON documents that CrateDB gives back as equal documents, sent as they are. A
 * document with one value that would change (a decimal beyond double, an integer over 64 bit, a
 * number where a text is declared) does not fit as a whole: half a document would look like a whole
 * one.
 */
final class JsonEncoder implements ValueEncoder {

  /** CrateDB's own limits (Jackson's defaults), less what the request around a value takes. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          // CrateDB refuses a request in which a member occurs twice.
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(900)
                  .maxNumberLength(1_000)
                  .maxStringLength(19_000_000)
                  .maxNameLength(50_000)
                  .build())
          .build();

  /** So short a document keeps to the limits on names and texts. */
  private static final int MAX_QUICK = 40_000;

  private final CrateType type;
  private final Fit respelled;

  /** Whether any object fits whose numbers fit. */
  private final boolean anyObject;

  /**
   * For a column of this type.
   *
   * @param source unless it says that values are JSON, white space is part of the value: documents
   *     not spelled as PostgreSQL's jsonb spells them are {@link Fit#CUT}, else {@link
   *     Fit#RESPELLED}
   */
  JsonEncoder(CrateType type, Column source) {
    this.type = type;
    this.anyObject =
        type.kind() == CrateType.Kind.OBJECT
            && type.policy() == CrateType.Policy.IGNORED
            && type.members().isEmpty();
    this.respelled = source.isJson() ? Fit.RESPELLED : Fit.CUT;
  }

  @Override
  public Fit encode(JsonBuffer out, Row row, int column) {
    if (row.kind(column) != ValueKind.TEXT) {
      return Fit.NOT;
    }
    byte[] bytes = row.bytes();
    int start = row.start(column);
    int length = row.length(column);
    if (anyObject && length <= MAX_QUICK && JsonbSpelling.isPlainObject(bytes, start, length)) {
      out.raw(bytes, start, length);
      return Fit.EXACT;
    }
    if (!holds(bytes, start, length, type)) {
      return Fit.NOT;
    }
    out.raw(bytes, start, length);
    return JsonbSpelling.matches(bytes, start, length) ? Fit.EXACT : respelled;
  }

  /** Whether a text is a JSON object and nothing else. */
  static boolean isObject(byte[] bytes, int start, int length) {
    return holds(
        bytes, start, length, CrateType.object(CrateType.Policy.IGNORED, java.util.Map.of()));
  }

  static boolean holds(byte[] bytes, int start, int length, CrateType type) {
    if (hasLoneSurrogate(bytes, start, start + length)) {
      // UTF-8 has no bytes for it: CrateDB would store a question mark.
      return false;
    }
    try (JsonParser in = FACTORY.createParser(bytes, start, length)) {
      JsonToken first = in.nextToken();
      // A document null is not SQL NULL.
      return (first == JsonToken.START_OBJECT || first == JsonToken.START_ARRAY)
          && value(in, type)
          && in.nextToken() == null;
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      // No JSON, or beyond the limits: stays text.
      return false;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("reading from memory failed", e);
    }
  }

  /** Whether a unicode escape of one half of a surrogate pair comes without its other half. */
  private static boolean hasLoneSurrogate(byte[] bytes, int start, int end) {
    boolean high = false;
    int i = start;
    while (i < end) {
      boolean escape = bytes[i] == '\\' && i + 1 < end;
      boolean unicode = escape && bytes[i + 1] == 'u' && i + 3 < end;
      boolean surrogate = unicode && (bytes[i + 2] | 0x20) == 'd';
      int digit = surrogate ? Character.digit(bytes[i + 3], 16) : 0;
      boolean low = digit >= 0xC;
      if (high != low) {
        return true;
      }
      high = digit >= 8 && !low;
      i += unicode ? 6 : escape ? 2 : 1;
    }
    return high;
  }

  /** The present value, read to its end; false when it does not fit. */
  private static boolean value(JsonParser in, @Nullable CrateType type) throws IOException {
    if (type == null) {
      return ignored(in);
    }
    return switch (in.currentToken()) {
      case VALUE_NULL -> true;
      case START_OBJECT -> type.kind() == CrateType.Kind.OBJECT && members(in, type);
      case START_ARRAY -> type.kind() == CrateType.Kind.ARRAY && elements(in, type);
      case VALUE_STRING -> string(in, type);
      case VALUE_TRUE, VALUE_FALSE -> type.kind() == CrateType.Kind.BOOLEAN;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(in.getText(), type);
      default -> false;
    };
  }

  private static boolean members(JsonParser in, CrateType type) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      CrateType member = type.members().get(name);
      in.nextToken();
      if (member == null && type.policy() != CrateType.Policy.IGNORED) {
        return false;
      }
      if (!value(in, member)) {
        return false;
      }
    }
    return true;
  }

  private static boolean elements(JsonParser in, CrateType type) throws IOException {
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (!value(in, type.element())) {
        return false;
      }
    }
    return true;
  }

  private static boolean string(JsonParser in, CrateType type) throws IOException {
    return switch (type.kind()) {
      case TEXT ->
          (type.longText() || in.getTextLength() <= CrateTypes.MAX_INDEXED_BYTES / 3)
              && (type.precision() == 0 || in.getTextLength() <= type.precision());
      default -> false;
    };
  }

  private static boolean number(String text, CrateType type) {
    byte[] ascii = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    NumberText number = NumberText.of(ascii, 0, ascii.length);
    if (number == null) {
      return false;
    }
    return switch (type.kind()) {
      case SMALLINT ->
          NumberEncoders.isIntegerIn(ascii, 0, ascii.length, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER ->
          NumberEncoders.isIntegerIn(ascii, 0, ascii.length, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT ->
          NumberEncoders.isIntegerIn(
              ascii, 0, ascii.length, Long.MIN_VALUE + 1, Long.MAX_VALUE - 1);
      case DOUBLE -> !isNegativeZero(number) && ExactDouble.holds(text, number);
      default -> false;
    };
  }

  /** A value below OBJECT(IGNORED): kept as parsed, integers as long, decimals as double. */
  private static boolean ignored(JsonParser in) throws IOException {
    int depth = 0;
    do {
      JsonToken token = in.currentToken();
      if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
        depth++;
      } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
        depth--;
      } else if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
        if (!ignoredNumber(in.getText(), token)) {
          return false;
        }
      } else {
        // Strings are read lazily: this makes the parser look at every byte.
        in.finishToken();
      }
    } while (depth > 0 && in.nextToken() != null);
    return depth == 0;
  }

  private static boolean ignoredNumber(String text, JsonToken token) {
    byte[] ascii = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return NumberEncoders.isIntegerIn(ascii, 0, ascii.length, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    NumberText number = NumberText.of(ascii, 0, ascii.length);
    return number != null && ExactDouble.holds(text, number);
  }

  private static boolean isNegativeZero(NumberText number) {
    return number.negative() && number.significant() == 0;
  }
}
