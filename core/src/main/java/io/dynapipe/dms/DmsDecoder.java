package io.dynapipe.dms;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Extras;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.json.JsonBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads DMS messages, those of AWS DMS and ours, in either message format and with the members in
 * any order. One thread at a time.
 *
 * <p>Numbers keep the text they have. Objects and arrays inside {@code data} become TEXT that holds
 * their JSON. Members that this version does not know are kept in {@link Extras}. A time without
 * microseconds is a time; a record without {@code metadata.timestamp} has 0.
 */
public final class DmsDecoder {

  private static final int MAX_DEPTH = 10_000;

  /** No limits on lengths but the JVM's: a column may hold a gigabyte. */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          // Column names that collide are slow, not an attack to die from.
          .configure(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW, false)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNestingDepth(MAX_DEPTH)
                  .build())
          .build();

  private static final String CURE_JSON =
      "Each record must be one JSON object in UTF-8 with 'metadata', as AWS DMS writes it.";

  private final String beforeImageField;
  private final RowReader data;
  private final RowReader before;
  private final MetadataReader metadata = new MetadataReader();
  private final RowWriter rowText = new RowWriter(true);
  private @Nullable String control;
  private Map<String, String> recordExtras = Map.of();

  /** For messages whose old values are in {@code before-image}. */
  public DmsDecoder() {
    this(DmsSettings.BEFORE_IMAGE);
  }

  /**
   * For messages whose old values are in another member.
   *
   * @param beforeImageField {@code BeforeImageSettings.FieldName} of the task
   */
  public DmsDecoder(String beforeImageField) {
    this.beforeImageField = beforeImageField;
    Shapes shapes = new Shapes();
    this.data = new RowReader(shapes);
    this.before = new RowReader(shapes);
  }

  /**
   * The event of a record.
   *
   * @param where the record's place, for the message: a file and line, or a shard and sequence
   *     number
   * @throws PipelineException (permanent) when the record is not JSON, not a DMS message, or of an
   *     unknown operation
   */
  public ChangeEvent decode(byte[] record, String where) {
    try {
      return read(record);
    } catch (Malformed e) {
      String cure = e.cure();
      throw PipelineException.permanent(
          where + ": not a DMS message: " + e.getMessage(), cure == null ? CURE_JSON : cure, e);
    } catch (JsonProcessingException e) {
      throw PipelineException.permanent(
          where + ": not JSON: " + e.getOriginalMessage() + place(e), CURE_JSON, e);
    } catch (IOException e) {
      throw PipelineException.permanent(where + ": not JSON: " + e.getMessage(), CURE_JSON, e);
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private ChangeEvent read(byte[] record) throws IOException {
    requireUtf8(record);
    data.reset();
    before.reset();
    metadata.reset();
    control = null;
    recordExtras = Map.of();
    try (JsonParser parser = JSON.createParser(record)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Malformed("the record is not a JSON object");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        member(name, parser);
      }
      if (parser.nextToken() != null) {
        throw new Malformed("there is more after the JSON object");
      }
    }
    return event();
  }

  /** The parser would take zero bytes for a sign of UTF-16 or UTF-32. */
  private static void requireUtf8(byte[] record) {
    for (int i = 0; i < Math.min(4, record.length); i++) {
      if (record[i] == 0) {
        throw new Malformed("the record is not UTF-8 text");
      }
    }
  }

  private void member(String name, JsonParser parser) throws IOException {
    if (name.equals("data")) {
      data.read(parser, name);
    } else if (name.equals("metadata")) {
      metadata.read(parser);
    } else if (name.equals(beforeImageField)) {
      before.read(parser, name);
    } else if (name.equals("control")) {
      if (control != null) {
        throw new Malformed("'control' occurs twice");
      }
      control = JsonCopy.text(parser);
    } else {
      keep(Unicode.checked(name), JsonCopy.text(parser));
    }
  }

  private void keep(String name, String json) {
    if (recordExtras.isEmpty()) {
      recordExtras = new LinkedHashMap<>();
    }
    if (recordExtras.put(name, json) != null) {
      throw new Malformed("'" + name + "' occurs twice");
    }
  }

  private ChangeEvent event() throws IOException {
    if (!metadata.isPresent()) {
      throw new Malformed("'metadata' is missing");
    }
    String name = metadata.operation();
    if (name == null) {
      throw new Malformed("'metadata.operation' is missing");
    }
    RowOperation rowOperation = WireNames.rowOperation(name);
    if (rowOperation != null) {
      requireRecordType("data", name);
      return rowChange(rowOperation);
    }
    TableOperation tableOperation = WireNames.tableOperation(name);
    if (tableOperation != null) {
      requireRecordType("control", name);
      return tableChange(tableOperation);
    }
    throw new Malformed(
        "unknown operation '" + name + "'",
        "This version knows load, insert, update, delete, and the table operations in"
            + " docs/events.md; a newer version may know more.");
  }

  private void requireRecordType(String expected, String operation) {
    String recordType = metadata.recordType();
    if (recordType != null && !recordType.equals(expected)) {
      throw new Malformed("operation '" + operation + "' in a record of type '" + recordType + "'");
    }
  }

  private RowChange rowChange(RowOperation operation) {
    if (!data.isPresent()) {
      throw new Malformed("'data' is missing");
    }
    String foreign = control;
    if (foreign != null) {
      keep("control", foreign);
    }
    Row old = null;
    if (operation == RowOperation.UPDATE) {
      old = before.isPresent() ? before.build(List.of()) : null;
    } else {
      keepRow(beforeImageField, before);
    }
    Row row = data.build(metadata.unchanged());
    Origin origin = metadata.origin();
    return new RowChange(metadata.table(), operation, row, old, origin, extras(Map.of()));
  }

  private TableChange tableChange(TableOperation operation) throws IOException {
    keepRow("data", data);
    keepRow(beforeImageField, before);
    if (!metadata.unchanged().isEmpty()) {
      throw new Malformed("'metadata.unchanged-columns' in a control record");
    }
    TableName table = metadata.table();
    ControlReader reader = readControl();
    Origin origin = metadata.origin();
    return new TableChange(
        table,
        operation,
        reader.schema(table),
        reader.previousTable(),
        reader.renamedColumns(),
        origin,
        extras(reader.extras()));
  }

  private ControlReader readControl() throws IOException {
    ControlReader reader = new ControlReader();
    String json = control;
    if (json != null && !json.equals("null")) {
      try (JsonParser parser = JSON.createParser(json.getBytes(StandardCharsets.UTF_8))) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw new Malformed("'control' is not an object");
        }
        reader.read(parser);
      }
    }
    return reader;
  }

  /** A row where this kind of record has none. */
  private void keepRow(String name, RowReader row) {
    if (row.isPresent()) {
      JsonBuffer json = new JsonBuffer(256);
      rowText.write(row.build(List.of()), false, json);
      keep(name, json.toString());
    }
  }

  private Extras extras(Map<String, String> controlExtras) {
    boolean none = recordExtras.isEmpty() && controlExtras.isEmpty() && metadata.extras().isEmpty();
    return none ? Extras.NONE : new Extras(recordExtras, controlExtras, metadata.extras());
  }
}
