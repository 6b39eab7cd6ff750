package io.dynapipe.mapping.filter;

import io.dynapipe.event.Column;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which comparison a column's type has. */
final class Comparisons {

  private Comparisons() {}

  /** The comparison, or null when values of the type cannot be compared the same way everywhere. */
  static @Nullable Comparison<?> of(Column column) {
    String sourceType = column.sourceType() == null ? "" : column.sourceType();
    boolean zoned = sourceType.endsWith(" with time zone");
    return switch (column.type()) {
      case INT8, INT16, INT32, INT64, DECIMAL -> new NumberComparison(false);
      case UINT8, UINT16, UINT32, UINT64 -> new NumberComparison(true);
      case FLOAT -> new FloatComparison(true);
      case DOUBLE -> new FloatComparison(false);
      case BOOLEAN -> new BooleanComparison();
      case DATE -> new TimeComparison(TimeComparison.Form.DATE);
      case TIME -> zoned ? null : new TimeComparison(TimeComparison.Form.TIME);
      case TIMESTAMP ->
          new TimeComparison(
              zoned ? TimeComparison.Form.TIMESTAMPTZ : TimeComparison.Form.TIMESTAMP);
      // the server would compare another text than the one that is sent
      case STRING -> column.isGeometry() ? null : text(sourceType);
      case BINARY -> null;
    };
  }

  private static @Nullable Comparison<?> text(String sourceType) {
    int modifier = sourceType.indexOf('(');
    String name = (modifier < 0 ? sourceType : sourceType.substring(0, modifier)).strip();
    if (name.endsWith("[]")) {
      return null;
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "text", "character varying", "name" -> new TextComparison(TextComparison.Form.TEXT);
      case "character", "bpchar" -> new TextComparison(TextComparison.Form.BLANK_PADDED);
      case "uuid" -> new TextComparison(TextComparison.Form.UUID);
      // casts to text in another form than it is printed in
      case "inet" -> null;
      case "json", "jsonb", "xml", "tsvector", "tsquery", "hstore" -> null;
      default -> new TextComparison(TextComparison.Form.PRINTED);
    };
  }
}
