package io.dynapipe.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text that PostgreSQL gives a jsonb. A target may hold a text that is JSON as a document, when
 * events do not tell which of the two it is; then the text can only have been this one.
 */
final class JsonbText {

  private JsonbText() {}

  static String of(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value);
    return out.toString();
  }

  private static void write(StringBuilder out, @Nullable Object value) {
    if (value instanceof Map<?, ?> members) {
      List<String> names = new ArrayList<>();
      members.keySet().forEach(name -> names.add(String.valueOf(name)));
      names.sort(
          Comparator.comparingInt((String name) -> utf8(name).length)
              .thenComparing((a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b))));
      String comma = "{";
      for (String name : names) {
        out.append(comma).append(string(name)).append(": ");
        write(out, members.get(name));
        comma = ", ";
      }
      out.append(names.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> elements) {
      String comma = "[";
      for (Object element : elements) {
        out.append(comma);
        write(out, element);
        comma = ", ";
      }
      out.append(elements.isEmpty() ? "[]" : "]");
    } else if (value instanceof BigDecimal number) {
      out.append(number.stripTrailingZeros().toPlainString());
    } else {
      out.append(value instanceof String text ? string(text) : String.valueOf(value));
    }
  }

  private static String string(String text) {
    try {
      return CanonicalValue.JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text cannot be written as JSON", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
