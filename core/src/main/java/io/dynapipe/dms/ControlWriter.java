package io.dynapipe.dms;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.json.JsonBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code control}: the definition of a table after a change, and what a rename needs to be
 * understood.
 */
final class ControlWriter {

  private ControlWriter() {}

  static void write(TableChange change, JsonBuffer out) {
    out.raw('{');
    int empty = out.size();
    TableSchema schema = change.schema();
    if (schema != null) {
      out.raw("\"table-def\":");
      writeSchema(schema, change.extras().control(), out);
    }
    TableName previous = change.previousTable();
    if (previous != null) {
      comma(out, empty).raw("\"previous-table\":{\"schema-name\":").string(previous.schema());
      out.raw(",\"table-name\":").string(previous.name()).raw('}');
    }
    if (!change.renamedColumns().isEmpty()) {
      comma(out, empty).raw("\"renamed-columns\":{");
      int first = out.size();
      change
          .renamedColumns()
          .forEach((from, to) -> comma(out, first).string(from).raw(':').string(to));
      out.raw('}');
    }
    change
        .extras()
        .control()
        .forEach(
            (name, json) -> {
              if (!Pointers.isPointer(name)) {
                JsonFormat.member(comma(out, empty), name, json);
              }
            });
    out.raw('}');
  }

  private static void writeSchema(TableSchema schema, Map<String, String> extras, JsonBuffer out) {
    out.raw("{\"columns\":{");
    int first = out.size();
    for (Column column : schema.columns()) {
      comma(out, first).string(column.name()).raw(':');
      writeColumn(column, extras, out);
    }
    out.raw('}');
    if (schema.hasPrimaryKey()) {
      out.raw(",\"primary-key\":[");
      int firstKey = out.size();
      for (String key : schema.primaryKey()) {
        comma(out, firstKey).string(key);
      }
      out.raw(']');
    }
    writeExtras(Pointers.TABLE, extras, out);
    out.raw('}');
  }

  private static void writeColumn(Column column, Map<String, String> extras, JsonBuffer out) {
    out.raw("{\"type\":\"").raw(WireNames.of(column.type())).raw('"');
    writeNumber("length", column.length(), out);
    out.raw(",\"nullable\":").raw(column.nullable() ? "true" : "false");
    String sourceType = column.sourceType();
    if (sourceType != null) {
      out.raw(",\"source-type\":").string(sourceType);
    }
    writeNumber("precision", column.precision(), out);
    writeNumber("scale", column.scale(), out);
    writeExtras(Pointers.column(column.name()), extras, out);
    out.raw('}');
  }

  private static void writeNumber(String name, @Nullable Integer value, JsonBuffer out) {
    if (value != null) {
      out.raw(",\"").raw(name).raw("\":").number(value);
    }
  }

  private static void writeExtras(String parent, Map<String, String> extras, JsonBuffer out) {
    extras.forEach(
        (pointer, json) -> {
          String name = Pointers.child(parent, pointer);
          if (name != null) {
            JsonFormat.member(out.raw(','), name, json);
          }
        });
  }

  /** A comma unless nothing was written since then. */
  private static JsonBuffer comma(JsonBuffer out, int sizeWhenEmpty) {
    return out.size() == sizeWhenEmpty ? out : out.raw(',');
  }
}
