package io.dynapipe.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one text in which a value as events tell it and the same value as a target holds it are
 * equal. It depends on the column's type, so that targets may store it in types of their own: in a
 * number column, 55, 55.0 and the text "55" are the number 55; in a text column, "55" and "55.0"
 * differ. Zero has no sign here.
 */
final class CanonicalValue {

  /** Reads numbers exactly, whatever their length. */
  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int MAX_DIGITS = 40;
  private static final Pattern NUMBER = Pattern.compile("-?\\d[-+.0-9eE]*");
  private static final Pattern ZEROS = Pattern.compile("(\\.\\d*?)0+(Z?)$");
  private static final Pattern POINT = Pattern.compile("\\.(Z?)$");

  static {
    JSON.getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNumberLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .maxNestingDepth(10_000)
                .build());
  }

  private CanonicalValue() {}

  /** Of a verbatim text: from an event, or from a target's aux. */
  static String ofText(@Nullable Column column, String text) {
    if (column != null && column.isJson()) {
      try {
        JsonNode tree = JSON.readTree(text);
        return tree.isMissingNode() ? text : write(JSON.convertValue(tree, Object.class));
      } catch (JsonProcessingException e) {
        return text;
      }
    }
    return ofPlain(column, text);
  }

  /** Of a value that a target tells. */
  static String ofValue(@Nullable Column column, Object value) {
    if (column != null && column.isJson()) {
      return write(value);
    }
    if (value instanceof Map || value instanceof List) {
      return JsonbText.of(value);
    }
    return ofPlain(column, value instanceof Number number ? number(number) : value.toString());
  }

  private static String ofPlain(@Nullable Column column, String text) {
    if (column == null) {
      return text;
    }
    DataType type = column.type();
    if (type == DataType.TIMESTAMP || type == DataType.TIME) {
      return POINT.matcher(ZEROS.matcher(text).replaceFirst("$1$2")).replaceFirst("$1");
    }
    if (isNumber(type) && NUMBER.matcher(text).matches()) {
      try {
        return type == DataType.FLOAT || type == DataType.DOUBLE
            ? floating(text)
            : number(new BigDecimal(text));
      } catch (NumberFormatException e) {
        return text;
      }
    }
    return text;
  }

  /** One double has several texts: 5e-324 of PostgreSQL is 4.9E-324 of Java. */
  private static String floating(String text) {
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? number(BigDecimal.valueOf(value)) : text;
  }

  private static boolean isNumber(DataType type) {
    return type.isInteger()
        || type == DataType.DECIMAL
        || type == DataType.FLOAT
        || type == DataType.DOUBLE;
  }

  static String number(Number value) {
    BigDecimal number =
        value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
    if (number.signum() == 0) {
      return "0";
    }
    BigDecimal stripped = number.stripTrailingZeros();
    // 100 rather than 1E+2, as long as people can read it.
    boolean plain = stripped.scale() < 0 && stripped.precision() - stripped.scale() <= MAX_DIGITS;
    return (plain ? stripped.setScale(0) : stripped).toString();
  }

  /** A document with its members in order, so that equal documents have equal texts. */
  private static String write(@Nullable Object tree) {
    try {
      return JSON.writeValueAsString(sorted(tree));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document read from JSON cannot be written as JSON", e);
    }
  }

  private static @Nullable Object sorted(@Nullable Object tree) {
    if (tree instanceof Map<?, ?> members) {
      Map<String, @Nullable Object> sorted = new TreeMap<>();
      members.forEach((name, value) -> sorted.put(String.valueOf(name), sorted(value)));
      return sorted;
    }
    if (tree instanceof List<?> elements) {
      return elements.stream().map(CanonicalValue::sorted).toList();
    }
    return tree instanceof Number number ? new BigDecimal(number(number)) : tree;
  }
}
