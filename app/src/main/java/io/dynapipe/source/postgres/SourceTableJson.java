package io.dynapipe.source.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table's definition as JSON text, for a {@link SchemaHistory} that is stored. What changes with
 * the rows (where they are stored, how many there are) is left out.
 */
public final class SourceTableJson {

  private static final JsonFactory JSON = new JsonFactory();

  private SourceTableJson() {}

  public static String write(SourceTable table) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("oid", table.oid());
      json.writeStringField("schema", table.name().schema());
      json.writeStringField("name", table.name().name());
      json.writeStringField("kind", table.kind().name());
      json.writeStringField("identity", table.identity().name());
      json.writeArrayFieldStart("key");
      for (String name : table.schema().primaryKey()) {
        json.writeString(name);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("columns");
      for (SourceColumn column : table.columns()) {
        write(column, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws PipelineException (permanent) when the text is damaged
   */
  public static SourceTable read(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      return table(json);
    } catch (IOException | RuntimeException e) {
      throw PipelineException.permanent(
          "a stored table definition cannot be read: " + e.getMessage(),
          "The task's state is damaged: load again (reload-target).",
          e);
    }
  }

  private static void write(SourceColumn column, JsonGenerator json) throws IOException {
    Column event = column.column();
    json.writeStartObject();
    json.writeStringField("name", event.name());
    json.writeStringField("type", event.type().name());
    write("length", event.length(), json);
    json.writeBooleanField("nullable", event.nullable());
    if (event.sourceType() != null) {
      json.writeStringField("sourceType", event.sourceType());
    }
    write("precision", event.precision(), json);
    write("scale", event.scale(), json);
    json.writeNumberField("attribute", column.attribute());
    json.writeNumberField("typeOid", column.typeOid());
    json.writeNumberField("typmod", column.typmod());
    json.writeStringField("format", column.format().name());
    json.writeEndObject();
  }

  private static void write(String name, @Nullable Integer value, JsonGenerator json)
      throws IOException {
    if (value != null) {
      json.writeNumberField(name, value);
    }
  }

  private static SourceTable table(JsonParser json) throws IOException {
    Map<String, String> fields = new HashMap<>();
    List<String> key = new ArrayList<>();
    List<SourceColumn> columns = new ArrayList<>();
    json.nextToken();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.START_ARRAY) {
        fields.put(name, json.getText());
      } else if (name.equals("key")) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          key.add(json.getText());
        }
      } else {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          columns.add(column(json));
        }
      }
    }
    TableSchema schema =
        new TableSchema(
            new TableName(text(fields, "schema"), text(fields, "name")),
            columns.stream().map(SourceColumn::column).toList(),
            key);
    return new SourceTable(
        Long.parseLong(text(fields, "oid")),
        TableKind.valueOf(text(fields, "kind")),
        ReplicaIdentity.valueOf(text(fields, "identity")),
        columns,
        schema,
        List.of());
  }

  private static SourceColumn column(JsonParser json) throws IOException {
    Map<String, String> fields = new HashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      fields.put(name, json.getText());
    }
    Column column =
        new Column(
            text(fields, "name"),
            DataType.valueOf(text(fields, "type")),
            number(fields, "length"),
            Boolean.parseBoolean(text(fields, "nullable")),
            fields.get("sourceType"),
            number(fields, "precision"),
            number(fields, "scale"));
    return new SourceColumn(
        column,
        Integer.parseInt(text(fields, "attribute")),
        Long.parseLong(text(fields, "typeOid")),
        Integer.parseInt(text(fields, "typmod")),
        ValueFormat.valueOf(text(fields, "format")));
  }

  private static String text(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  private static @Nullable Integer number(Map<String, String> fields, String name) {
    String digits = fields.get(name);
    return digits == null ? null : Integer.valueOf(digits);
  }
}
