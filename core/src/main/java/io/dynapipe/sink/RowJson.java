package io.dynapipe.sink;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.json.JsonText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one shape as JSON: numbers and booleans as they are, texts as strings, values of
 * JSON columns as the documents they are. Immutable, thread-safe.
 */
public final class RowJson {

  private final ColumnNames columns;
  private final byte[][] members;
  private final boolean[] json;

  /**
   * Prepares a shape.
   *
   * @param schema tells which columns hold JSON; null or silent about a column: it does not
   */
  public RowJson(ColumnNames columns, @Nullable TableSchema schema) {
    this.columns = columns;
    this.members = new byte[columns.size()][];
    this.json = new boolean[columns.size()];
    for (int i = 0; i < members.length; i++) {
      String name = columns.name(i);
      Column column = schema == null ? null : schema.column(name);
      json[i] = column != null && column.isJson();
      members[i] = (new JsonBuffer(64).string(name) + ":").getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The rows' columns. */
  public ColumnNames columns() {
    return columns;
  }

  /** Whether the column's values are documents to embed. */
  public boolean isJson(int column) {
    return json[column];
  }

  /** The whole row as an object; columns without value or NULL (absent, unchanged) are left out. */
  public JsonBuffer object(JsonBuffer out, Row row) {
    out.raw('{');
    boolean first = true;
    for (int i = 0; i < members.length; i++) {
      ValueKind kind = row.kind(i);
      if (kind.hasValue() || kind == ValueKind.NULL) {
        if (!first) {
          out.raw(',');
        }
        first = false;
        name(out, i);
        value(out, row, i);
      }
    }
    return out.raw('}');
  }

  /** The member's name and colon. */
  public JsonBuffer name(JsonBuffer out, int column) {
    return out.raw(members[column]);
  }

  /**
   * The column's value. Text of a JSON column that is not JSON becomes a string.
   *
   * @throws IllegalArgumentException when the row holds neither a value nor NULL there
   */
  public JsonBuffer value(JsonBuffer out, Row row, int column) {
    byte[] bytes = row.bytes();
    int start = row.start(column);
    int length = row.length(column);
    return switch (row.kind(column)) {
      case NULL -> out.raw("null");
      case NUMBER, BOOLEAN -> out.raw(bytes, start, length);
      case TEXT ->
          json[column] && JsonText.isValid(bytes, start, length)
              ? out.raw(bytes, start, length)
              : out.string(bytes, start, length);
      case ABSENT, UNCHANGED ->
          throw new IllegalArgumentException(
              "column '" + columns.name(column) + "' holds no value in " + row);
    };
  }
}
