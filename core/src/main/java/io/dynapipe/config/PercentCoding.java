package io.dynapipe.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Percent-encoding in UTF-8. A plus sign is a plus sign, as libpq has it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-2.1">RFC 3986, section 2.1</a>
 */
final class PercentCoding {

  private static final String UNRESERVED = "-._~";

  private PercentCoding() {}

  /** The decoded text, or null when an escape is not two hexadecimal digits or not UTF-8. */
  static @Nullable String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(encoded.length);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] != '%') {
        decoded.put(encoded[i]);
        continue;
      }
      int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(encoded[i + 2], 16) : -1;
      if (low < 0) {
        return null;
      }
      decoded.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 8);
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (octet & 0xFF);
      boolean plain =
          character < 0x80
              && (Character.isLetterOrDigit(character) || UNRESERVED.indexOf(character) >= 0);
      if (plain) {
        encoded.append(character);
      } else {
        encoded.append('%').append(Character.toUpperCase(Character.forDigit(character >> 4, 16)));
        encoded.append(Character.toUpperCase(Character.forDigit(character & 15, 16)));
      }
    }
    return encoded.toString();
  }
}
