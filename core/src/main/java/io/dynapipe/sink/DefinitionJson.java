package io.dynapipe.sink;

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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table's definition as JSON, as {@code dynapipe.tables} keeps it. */
public final class DefinitionJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private DefinitionJson() {}

  /** The definition's text; the same for the same definition. */
  public static String write(TableSchema schema) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("schema", schema.table().schema());
      out.writeStringField("name", schema.table().name());
      out.writeArrayFieldStart("columns");
      for (Column column : schema.columns()) {
        writeColumn(out, column);
      }
      out.writeEndArray();
      out.writeArrayFieldStart("primary-key");
      for (String name : schema.primaryKey()) {
        out.writeString(name);
      }
      out.writeEndArray();
      out.writeEndObject();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("writing to memory failed", e);
    }
    return text.toString();
  }

  private static void writeColumn(JsonGenerator out, Column column) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", column.name());
    out.writeStringField("type", column.type().name());
    writeNumber(out, "length", column.length());
    out.writeBooleanField("nullable", column.nullable());
    if (column.sourceType() != null) {
      out.writeStringField("source-type", column.sourceType());
    }
    writeNumber(out, "precision", column.precision());
    writeNumber(out, "scale", column.scale());
    out.writeEndObject();
  }

  private static void writeNumber(JsonGenerator out, String name, @Nullable Integer value)
      throws IOException {
    if (value != null) {
      out.writeNumberField(name, value);
    }
  }

  /**
   * Reads what {@link #write} made; members it does not know are skipped.
   *
   * @throws PipelineException (permanent) when the text is no definition
   */
  public static TableSchema read(String text) {
    try (JsonParser in = FACTORY.createParser(text)) {
      in.nextToken();
      String schema = "";
      String name = "";
      List<Column> columns = new ArrayList<>();
      List<String> primaryKey = new ArrayList<>();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String member = in.currentName();
        in.nextToken();
        switch (member) {
          case "schema" -> schema = in.getText();
          case "name" -> name = in.getText();
          case "columns" -> {
            while (in.nextToken() == JsonToken.START_OBJECT) {
              columns.add(readColumn(in));
            }
          }
          case "primary-key" -> {
            while (in.nextToken() == JsonToken.VALUE_STRING) {
              primaryKey.add(in.getText());
            }
          }
          default -> in.skipChildren();
        }
      }
      return new TableSchema(new TableName(schema, name), columns, primaryKey);
    } catch (IOException | IllegalArgumentException e) {
      throw PipelineException.permanent(
          "dynapipe.tables holds a definition that cannot be read: " + text,
          "Delete that row of dynapipe.tables and load the table again.",
          e);
    }
  }

  private static Column readColumn(JsonParser in) throws IOException {
    String name = "";
    DataType type = DataType.STRING;
    boolean nullable = true;
    @Nullable String sourceType = null;
    @Nullable Integer length = null;
    @Nullable Integer precision = null;
    @Nullable Integer scale = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String member = in.currentName();
      in.nextToken();
      switch (member) {
        case "name" -> name = in.getText();
        case "type" -> type = DataType.valueOf(in.getText());
        case "nullable" -> nullable = in.getBooleanValue();
        case "source-type" -> sourceType = in.getText();
        case "length" -> length = in.getIntValue();
        case "precision" -> precision = in.getIntValue();
        case "scale" -> scale = in.getIntValue();
        default -> in.skipChildren();
      }
    }
    return new Column(name, type, length, nullable, sourceType, precision, scale);
  }
}
