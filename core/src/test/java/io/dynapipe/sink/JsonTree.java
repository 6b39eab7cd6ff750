package io.dynapipe.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.dynapipe.json.JsonBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text as maps, lists, strings, booleans, null and {@link BigDecimal}; and back, in the one
 * spelling that equal documents share: members by name, numbers without trailing zeros.
 */
public final class JsonTree {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Zero with a minus, which a decimal cannot be. */
  private static final Object NEGATIVE_ZERO = new Object();

  private JsonTree() {}

  /** The tree of a text that is known to be JSON. */
  public static @Nullable Object parse(String json) {
    try (JsonParser in = FACTORY.createParser(json)) {
      in.nextToken();
      return read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + json, e);
    }
  }

  /** The members of an object. */
  @SuppressWarnings("unchecked") // objects are read as maps with string keys
  public static Map<String, @Nullable Object> parseObject(String json) {
    return (Map<String, @Nullable Object>) parse(json);
  }

  /** The canonical text. */
  public static String write(@Nullable Object tree) {
    JsonBuffer out = new JsonBuffer(128);
    write(out, tree);
    return out.toString();
  }

  /** A number of this text, as the tree holds it. */
  public static Object number(String text) {
    BigDecimal number = new BigDecimal(text);
    return number.signum() == 0 && text.startsWith("-") ? NEGATIVE_ZERO : number;
  }

  private static @Nullable Object read(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          String name = in.currentName();
          in.nextToken();
          members.put(name, read(in));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<@Nullable Object> elements = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          elements.add(read(in));
        }
        yield elements;
      }
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(in.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalStateException("unexpected " + in.currentToken());
    };
  }

  private static void write(JsonBuffer out, @Nullable Object tree) {
    if (tree instanceof Map<?, ?> members) {
      out.raw('{');
      String comma = "";
      for (Map.Entry<?, ?> member : new TreeMap<>(members).entrySet()) {
        out.raw(comma).string((String) member.getKey()).raw(':');
        write(out, member.getValue());
        comma = ",";
      }
      out.raw('}');
    } else if (tree instanceof List<?> elements) {
      out.raw('[');
      String comma = "";
      for (Object element : elements) {
        out.raw(comma);
        write(out, element);
        comma = ",";
      }
      out.raw(']');
    } else if (tree instanceof BigDecimal number) {
      out.raw(number.stripTrailingZeros().toString());
    } else if (tree instanceof String text) {
      out.string(text);
    } else {
      out.raw(tree == NEGATIVE_ZERO ? "-0" : String.valueOf(tree));
    }
  }
}
