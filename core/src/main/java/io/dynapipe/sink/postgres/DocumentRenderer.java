package io.dynapipe.sink.postgres;

import io.dynapipe.event.Column;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Renders rows as {@code data} and {@code aux}, one after another into the same buffers. */
final class DocumentRenderer {

  /** {@code JENTRY_OFFLENMASK}: a jsonb's elements may take so many bytes. */
  private static final int MAX_JSONB_BYTES = 0x0FFF_FFFF;

  private final @Nullable TableSchema definition;
  private final boolean leavesOutKey;
  private final boolean hasAux;
  private final Map<ColumnNames, RowJson> shapes = new HashMap<>();
  private final JsonBuffer data = new JsonBuffer(1024);
  private final JsonBuffer aux = new JsonBuffer(64);
  private final JsonBuffer key = new JsonBuffer(64);
  private @Nullable RowJson shape;

  /**
   * A renderer for one table.
   *
   * @param leavesOutKey whether data is without the key's columns
   * @param hasAux whether the table has a place for exact texts
   */
  DocumentRenderer(@Nullable TableSchema definition, boolean leavesOutKey, boolean hasAux) {
    this.definition = definition;
    this.leavesOutKey = leavesOutKey;
    this.hasAux = hasAux;
  }

  /** Appends the key as an object. */
  void key(RowKey rowKey, TextArray array) {
    shapeOf(rowKey.values().columns()).object(key.clear(), rowKey.values());
    array.add(key.array(), 0, key.size());
  }

  /** Appends the rendered row's data. */
  void data(TextArray array) {
    array.add(data.array(), 0, data.size());
  }

  /** Appends the rendered row's aux. */
  void aux(TextArray array) {
    if (aux.size() == 0) {
      array.addNull();
    } else {
      array.add(aux.array(), 0, aux.size());
    }
  }

  /**
   * Renders a row.
   *
   * @param keyless whether the row is compared as a whole: then NULL stands for each column of the
   *     definition that the row does not hold, so that equal rows are equal documents
   * @return null, or why jsonb cannot hold the row
   */
  @Nullable String render(Row row, boolean keyless) {
    RowJson json = shapeOf(row.columns());
    data.clear().raw('{');
    aux.clear();
    for (int i = 0; i < row.size(); i++) {
      ValueKind kind = row.kind(i);
      if (leavesOutKey && isKey(json.columns().name(i))) {
        continue;
      }
      if (kind.hasValue() || kind == ValueKind.NULL || keyless) {
        json.name(comma(data), i);
        value(json, row, i);
      }
    }
    if (keyless) {
      addMissing(row);
    }
    data.raw('}');
    if (aux.size() > 0) {
      aux.raw('}');
    }
    return data.size() > MAX_JSONB_BYTES || aux.size() > MAX_JSONB_BYTES
        ? "the row has " + data.size() + " bytes as JSON, but jsonb holds 268435455 at most"
        : null;
  }

  private boolean isKey(String name) {
    return definition != null && definition.primaryKey().contains(name);
  }

  private void addMissing(Row row) {
    if (definition == null) {
      return;
    }
    for (Column column : definition.columns()) {
      if (row.columns().indexOf(column.name()) < 0) {
        comma(data).string(column.name()).raw(":null");
      }
    }
  }

  private void value(RowJson json, Row row, int column) {
    byte[] bytes = row.bytes();
    int start = row.start(column);
    int length = row.length(column);
    switch (row.kind(column)) {
      case NULL, ABSENT, UNCHANGED -> data.raw("null");
      case BOOLEAN -> data.raw(bytes, start, length);
      case NUMBER -> {
        if (Decimals.fitsNumeric(bytes, start, length)) {
          data.raw(bytes, start, length);
        } else {
          data.raw("null");
          exact(json, row, column);
        }
      }
      case TEXT -> {
        if (json.isJson(column)) {
          document(json, row, column);
        } else {
          data.string(bytes, start, length);
        }
      }
    }
  }

  private void document(RowJson json, Row row, int column) {
    byte[] bytes = row.bytes();
    int start = row.start(column);
    int length = row.length(column);
    JsonbText text = JsonbText.of(bytes, start, length, isJsonb(json.columns().name(column)));
    switch (text) {
      case EXACT, RESPELLED, CHANGED -> data.raw(bytes, start, length);
      case REFUSED -> data.raw("null");
      case NOT_JSON -> data.string(bytes, start, length);
    }
    // In data, the document null looks like SQL NULL.
    boolean beside = text == JsonbText.RESPELLED ? hasAux : text != JsonbText.EXACT;
    if (beside || isNull(bytes, start, length)) {
      exact(json, row, column);
    }
  }

  private boolean isJsonb(String name) {
    Column column = definition == null ? null : definition.column(name);
    return column != null && "jsonb".equals(column.sourceType());
  }

  private static boolean isNull(byte[] bytes, int start, int length) {
    if (length > 100) {
      return false;
    }
    return new String(bytes, start, length, StandardCharsets.UTF_8).trim().equals("null");
  }

  private void exact(RowJson json, Row row, int column) {
    if (!hasAux) {
      throw new RowFormat.AuxNeeded(json.columns().name(column));
    }
    if (aux.size() == 0) {
      aux.raw('{');
    }
    json.name(comma(aux), column).string(row.bytes(), row.start(column), row.length(column));
  }

  /** A comma unless the object has just begun. */
  private static JsonBuffer comma(JsonBuffer out) {
    return out.size() > 1 ? out.raw(',') : out;
  }

  private RowJson shapeOf(ColumnNames columns) {
    RowJson last = shape;
    if (last != null && last.columns().equals(columns)) {
      return last;
    }
    RowJson found = shapes.computeIfAbsent(columns, names -> new RowJson(names, definition));
    shape = found;
    return found;
  }
}
