package io.dynapipe.dms;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.ValueKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a row's object. The values are kept until the record's end, since only its metadata tells
 * which columns are unchanged. One thread at a time.
 */
final class RowReader {

  private static final int KEPT_BYTES = 1 << 20;

  private final Shapes shapes;
  private final Utf8Sink values = new Utf8Sink();
  private ValueKind[] kinds = new ValueKind[32];
  private int[] ends = new int[32];
  private int count;
  private Shapes.Node shape;
  private RowBuilder builder = new RowBuilder();
  private boolean present;

  RowReader(Shapes shapes) {
    this.shapes = shapes;
    this.shape = shapes.root();
  }

  void reset() {
    values.reset();
    count = 0;
    shape = shapes.root();
    present = false;
  }

  /** Whether the record held this row. */
  boolean isPresent() {
    return present;
  }

  /**
   * Reads the object that the parser stands at; null counts as no row.
   *
   * @throws Malformed when it is neither, or was there before
   */
  void read(JsonParser parser, String member) throws IOException {
    if (present) {
      throw new Malformed("'" + member + "' occurs twice");
    }
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new Malformed("'" + member + "' is not an object");
    }
    present = true;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      shape = shape.next(name);
      add(value(parser));
    }
  }

  private ValueKind value(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    return switch (token) {
      case VALUE_STRING -> text(parser, ValueKind.TEXT);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> text(parser, ValueKind.NUMBER);
      case VALUE_TRUE, VALUE_FALSE -> text(parser, ValueKind.BOOLEAN);
      case VALUE_NULL -> ValueKind.NULL;
      case START_OBJECT, START_ARRAY -> {
        // A document of map-record-to-document, or an array: the value is its JSON text.
        char[] json = JsonCopy.text(parser).toCharArray();
        values.write(json, 0, json.length);
        yield ValueKind.TEXT;
      }
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new Malformed("a value is missing");
    };
  }

  private ValueKind text(JsonParser parser, ValueKind kind) throws IOException {
    values.append(parser);
    return kind;
  }

  private void add(ValueKind kind) {
    if (count == kinds.length) {
      kinds = Arrays.copyOf(kinds, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    kinds[count] = kind;
    ends[count] = values.size();
    count++;
  }

  /**
   * The row, with these columns after the others.
   *
   * @throws Malformed when a column occurs twice
   */
  Row build(List<String> unchanged) {
    Shapes.Node whole = shape;
    for (String name : unchanged) {
      whole = whole.next(name);
    }
    builder.begin(whole.columns());
    int start = 0;
    for (int i = 0; i < count; i++) {
      builder.add(kinds[i], values.bytes(), start, ends[i] - start);
      start = ends[i];
    }
    for (int i = 0; i < unchanged.size(); i++) {
      builder.addUnchanged();
    }
    Row row = builder.build();
    if (values.size() > KEPT_BYTES) {
      builder = new RowBuilder();
    }
    return row;
  }
}
