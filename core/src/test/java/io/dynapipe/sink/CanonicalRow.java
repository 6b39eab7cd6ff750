package io.dynapipe.sink;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonText;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one spelling in which a row as sent and the same row as read back from a target are the same
 * text: an object of the columns that hold a value, by name.
 *
 * <p>A value's spelling depends on its column's type, so that targets may store it in a type of
 * their own: in a number column, {@code 55}, {@code 55.0} and {@code "55"} are the number 55, but
 * {@code "NaN"} stays a string; in a boolean column {@code "true"} is true, but 1 stays a number;
 * in a text column 5 is {@code "5"}, but an object never becomes a string. SQL NULL and a column
 * that was not sent are left out; a document {@code null} is not.
 */
public final class CanonicalRow {

  private CanonicalRow() {}

  /** The row as it was sent. */
  public static String sent(TableSchema schema, Row row) {
    Map<String, @Nullable Object> members = new TreeMap<>();
    for (int i = 0; i < row.size(); i++) {
      String text = row.text(i);
      if (text != null) {
        Column column = schema.column(row.columns().name(i));
        members.put(
            row.columns().name(i),
            row.kind(i) == ValueKind.TEXT || column == null
                ? ofText(column, text)
                : ofTree(column, JsonTree.parse(text)));
      }
    }
    return JsonTree.write(members);
  }

  /**
   * The row as the target holds it.
   *
   * @param data an object of the columns' values as the target's JSON tells them; {@code null}
   *     there is SQL NULL
   * @param aux an object of verbatim texts by column; what it holds goes before what data holds.
   *     Null when there is none
   */
  public static String read(TableSchema schema, String data, @Nullable String aux) {
    Map<String, @Nullable Object> members = new TreeMap<>();
    JsonTree.parseObject(data)
        .forEach(
            (name, value) -> {
              if (value != null) {
                members.put(name, ofTree(schema.column(name), value));
              }
            });
    if (aux != null) {
      JsonTree.parseObject(aux)
          .forEach(
              (name, value) -> {
                if (value != null) {
                  members.put(name, ofText(schema.column(name), (String) value));
                }
              });
    }
    return JsonTree.write(members);
  }

  private static @Nullable Object ofText(@Nullable Column column, String text) {
    if (column == null) {
      return text;
    }
    if (column.isJson()) {
      return JsonText.isValid(text) ? JsonTree.parse(text) : List.of("not JSON", text);
    }
    if (column.type() == DataType.BOOLEAN && text.matches("-?\\d+")) {
      return JsonTree.number(text);
    }
    return ofTree(column, text);
  }

  private static @Nullable Object ofTree(@Nullable Column column, @Nullable Object value) {
    if (column == null || column.isJson() || value == null) {
      return value;
    }
    DataType type = column.type();
    if (value instanceof String text) {
      if (type == DataType.TIMESTAMP || type == DataType.TIME) {
        return withoutTrailingZeros(text);
      }
      if (type == DataType.BOOLEAN && (text.equals("true") || text.equals("false"))) {
        return Boolean.valueOf(text);
      }
      // Aux does not tell the kind: there, 1 in a boolean column is "1".
      return (isNumber(type) || type == DataType.BOOLEAN)
              && text.matches("-?\\d[-+.0-9eE]*")
              && JsonText.isValid(text)
          ? JsonTree.number(text)
          : text;
    }
    return type == DataType.STRING && !(value instanceof Map || value instanceof List)
        ? JsonTree.write(value)
        : value;
  }

  private static boolean isNumber(DataType type) {
    return type.isInteger()
        || type == DataType.DECIMAL
        || type == DataType.FLOAT
        || type == DataType.DOUBLE;
  }

  /** DMS prints six digits of a second's fraction or none; a target may print fewer. */
  private static String withoutTrailingZeros(String timestamp) {
    return timestamp.replaceFirst("(\\.\\d*?)0+(Z?)$", "$1$2").replaceFirst("\\.(Z?)$", "$1");
  }
}
