package io.dynapipe.sink.postgres;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.dynapipe.json.JsonbSpelling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What becomes of a JSON text in a jsonb column. jsonb keeps the values, not the text: white space
 * and the order of members go, numbers become {@code numeric}.
 */
enum JsonbText {
  /** Every value is kept, and so is the text: it is the one that jsonb has. */
  EXACT,
  /** Every value is kept, but the text is another one: keep it, too, where there is a place. */
  RESPELLED,
  /** It is stored, but a member that occurs twice or the sign of a zero goes: keep the text too. */
  CHANGED,
  /** A NUL, half of a surrogate pair, or a number beyond {@code numeric}: jsonb refuses it. */
  REFUSED,
  /** The text is not JSON. */
  NOT_JSON;

  /** Documents nested deeper may exceed the server's stack; they are then refused by the server. */
  private static final StreamReadConstraints NO_LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(Integer.MAX_VALUE)
          .maxNumberLength(Integer.MAX_VALUE)
          .maxStringLength(Integer.MAX_VALUE)
          .maxNameLength(Integer.MAX_VALUE)
          .build();

  private static final int UNICODE_ESCAPE_BYTES = 6;

  private static final JsonFactory FACTORY = factory(false);
  private static final JsonFactory STRICT_FACTORY = factory(true);

  private static JsonFactory factory(boolean findsDuplicates) {
    return JsonFactory.builder()
        .disable(JsonFactory.Feature.CHARSET_DETECTION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, findsDuplicates)
        .streamReadConstraints(NO_LIMITS)
        .build();
  }

  /**
   * Reads the text.
   *
   * @param fromJsonb the source's type is jsonb, which has lost what jsonb loses already: members
   *     cannot occur twice, and the text is jsonb's
   */
  static JsonbText of(byte[] utf8, int offset, int length, boolean fromJsonb) {
    JsonbText kept = numbers(FACTORY, utf8, offset, length);
    if (kept == NOT_JSON || kept == REFUSED || hasBadEscape(utf8, offset, length)) {
      return kept == NOT_JSON ? NOT_JSON : REFUSED;
    }
    if (kept == CHANGED || fromJsonb || JsonbSpelling.matches(utf8, offset, length)) {
      return kept;
    }
    return numbers(STRICT_FACTORY, utf8, offset, length) == NOT_JSON ? CHANGED : RESPELLED;
  }

  /** Reads all tokens; with the strict factory, a duplicate looks like text that is not JSON. */
  private static JsonbText numbers(JsonFactory factory, byte[] utf8, int offset, int length) {
    JsonbText kept = EXACT;
    try (JsonParser parser = factory.createParser(utf8, offset, length)) {
      int depth = 0;
      JsonToken token = parser.nextToken();
      if (token == null) {
        return NOT_JSON;
      }
      while (true) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token.isNumeric()) {
          kept = worse(kept, number(parser));
        } else {
          parser.finishToken();
        }
        if (depth == 0) {
          return parser.nextToken() == null ? kept : NOT_JSON;
        }
        token = parser.nextToken();
        if (token == null) {
          return NOT_JSON;
        }
      }
    } catch (JacksonException e) {
      return NOT_JSON;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  private static JsonbText number(JsonParser parser) throws IOException {
    int length = parser.getTextLength();
    char first = parser.getTextCharacters()[parser.getTextOffset()];
    if (length < 1_000 && first != '-' && parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return EXACT;
    }
    String text = parser.getText();
    byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
    if (Decimals.fitsNumeric(ascii, 0, ascii.length)) {
      return EXACT;
    }
    boolean zero =
        text.chars().takeWhile(c -> c != 'e' && c != 'E').noneMatch(c -> c > '0' && c <= '9');
    return zero && text.length() < 1_000 ? CHANGED : REFUSED;
  }

  private static JsonbText worse(JsonbText one, JsonbText other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** Whether a unicode escape stands for NUL or for half of a surrogate pair. */
  private static boolean hasBadEscape(byte[] utf8, int offset, int length) {
    int end = offset + length;
    int i = offset;
    while (i < end) {
      if (utf8[i] != '\\') {
        i++;
      } else if (utf8[i + 1] != 'u') {
        i += 2; // the escaped character too, so that an escaped backslash starts nothing
      } else {
        int unit = hex(utf8, i + 2);
        i += UNICODE_ESCAPE_BYTES;
        if (unit == 0 || Character.isLowSurrogate((char) unit)) {
          return true;
        }
        if (Character.isHighSurrogate((char) unit)) {
          if (!isLowSurrogate(utf8, i, end)) {
            return true;
          }
          i += UNICODE_ESCAPE_BYTES;
        }
      }
    }
    return false;
  }

  private static boolean isLowSurrogate(byte[] utf8, int at, int end) {
    return at + UNICODE_ESCAPE_BYTES <= end
        && utf8[at] == '\\'
        && utf8[at + 1] == 'u'
        && Character.isLowSurrogate((char) hex(utf8, at + 2));
  }

  private static int hex(byte[] utf8, int offset) {
    return Integer.parseInt(new String(utf8, offset, 4, StandardCharsets.ISO_8859_1), 16);
  }
}
