package io.dynapipe.dms;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.event.Origin;
import io.dynapipe.event.StreamPosition;
import io.dynapipe.event.TableName;
import io.dynapipe.event.Transaction;
import io.dynapipe.json.JsonBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code metadata}. Members it does not know, and details in a form it does not know (such as
 * the stream position of a MySQL source), are kept as they are. One thread at a time.
 */
final class MetadataReader {

  private final Map<TableName, TableName> tables = new LinkedHashMap<>();
  private final Map<String, String> extras = new LinkedHashMap<>();
  private final List<String> unchanged = new ArrayList<>();
  private boolean present;
  private @Nullable String recordType;
  private @Nullable String operation;
  private @Nullable String schema;
  private @Nullable String table;
  private @Nullable String commitText;
  private @Nullable Long commitMicros;
  private @Nullable StreamPosition position;
  private long timestamp;
  private @Nullable Long transactionId;
  private @Nullable Long recordId;
  private @Nullable Long previousId;
  private @Nullable Long previousRecords;
  private @Nullable String lastType;
  private @Nullable String lastOperation;
  private @Nullable String lastSchema;
  private @Nullable String lastTable;

  void reset() {
    extras.clear();
    unchanged.clear();
    present = false;
    recordType = null;
    operation = null;
    schema = null;
    table = null;
    commitText = null;
    commitMicros = null;
    position = null;
    timestamp = 0;
    transactionId = null;
    recordId = null;
    previousId = null;
    previousRecords = null;
  }

  boolean isPresent() {
    return present;
  }

  @Nullable String recordType() {
    return recordType;
  }

  @Nullable String operation() {
    return operation;
  }

  List<String> unchanged() {
    return unchanged;
  }

  void read(JsonParser parser) throws IOException {
    if (present) {
      throw new Malformed("'metadata' occurs twice");
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new Malformed("'metadata' is not an object");
    }
    present = true;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      member(name, parser);
    }
  }

  private void member(String name, JsonParser parser) throws IOException {
    switch (name) {
      case "timestamp" -> timestamp = timestamp(parser);
      case "record-type" -> recordType = lastType = text(name, parser, lastType);
      case "operation" -> operation = lastOperation = text(name, parser, lastOperation);
      case "schema-name" -> schema = lastSchema = text(name, parser, lastSchema);
      case "table-name" -> table = lastTable = text(name, parser, lastTable);
      // What the stream's key was made of; whoever writes the event again decides anew.
      case "partition-key-type", "partition-key-value" -> parser.skipChildren();
      case "transaction-id" -> transactionId = number(name, parser);
      case "transaction-record-id" -> recordId = number(name, parser);
      case "prev-transaction-id" -> previousId = number(name, parser);
      case "prev-transaction-record-id" -> previousRecords = number(name, parser);
      case "commit-timestamp" -> readCommit(name, parser);
      case "stream-position" -> position = position(name, parser);
      case "unchanged-columns" -> readUnchanged(parser);
      default -> keep(name, parser);
    }
  }

  private void keep(String name, JsonParser parser) throws IOException {
    extras.put(Unicode.checked(name), JsonCopy.text(parser));
  }

  private static String text(String name, JsonParser parser) throws IOException {
    requireString(name, parser);
    return Unicode.checked(parser.getText());
  }

  /** The same instance for the same text: from record to record, most of these do not change. */
  private static String text(String name, JsonParser parser, @Nullable String last)
      throws IOException {
    requireString(name, parser);
    return last != null && isText(parser, last) ? last : Unicode.checked(parser.getText());
  }

  private static void requireString(String name, JsonParser parser) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new Malformed("'metadata." + name + "' is not a string");
    }
  }

  private static boolean isText(JsonParser parser, String text) throws IOException {
    int length = parser.getTextLength();
    if (length != text.length()) {
      return false;
    }
    char[] chars = parser.getTextCharacters();
    int offset = parser.getTextOffset();
    for (int i = 0; i < length; i++) {
      if (chars[offset + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static long timestamp(JsonParser parser) throws IOException {
    requireString("timestamp", parser);
    Long micros =
        Timestamps.parse(
            parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    if (micros == null) {
      throw new Malformed(
          "'metadata.timestamp' is not a time: '" + parser.getText() + "'",
          "Give it as 2024-07-29T00:57:35.691762Z.");
    }
    return micros;
  }

  private @Nullable Long number(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      try {
        return Long.valueOf(parser.getText());
      } catch (NumberFormatException e) {
        // Beyond 64 bits: kept as it is.
      }
    }
    keep(name, parser);
    return null;
  }

  private void readCommit(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      commitText = parser.getText();
      commitMicros = Timestamps.parse(commitText);
    }
    if (commitMicros == null) {
      commitText = null;
      keep(name, parser);
    }
  }

  private @Nullable StreamPosition position(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      StreamPosition parsed = StreamPositions.parse(parser.getText());
      if (parsed != null) {
        return parsed;
      }
    }
    keep(name, parser);
    return null;
  }

  private void readUnchanged(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new Malformed("'metadata.unchanged-columns' is not an array");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      unchanged.add(text("unchanged-columns", parser));
    }
  }

  /**
   * The record's table; the same instance for the same table.
   *
   * @throws Malformed when there is no name
   */
  TableName table() {
    String name = table;
    if (name == null || name.isEmpty()) {
      throw new Malformed("'metadata.table-name' is missing or empty");
    }
    TableName made = new TableName(schema == null ? "" : schema, name);
    if (tables.size() > 10_000) {
      tables.clear();
    }
    TableName known = tables.putIfAbsent(made, made);
    return known == null ? made : known;
  }

  /** Where and when; details of a transaction that tells no id go to the extras. */
  Origin origin() {
    Long id = transactionId;
    String commit = commitText;
    long record = recordId == null ? 0 : recordId;
    if (id != null) {
      Transaction transaction = new Transaction(id, commitMicros, previousId, previousRecords);
      return new Origin(timestamp, transaction, record, position);
    }
    if (commit != null) {
      extras.put("commit-timestamp", new JsonBuffer(64).string(commit).toString());
    }
    keepNumber("prev-transaction-id", previousId);
    keepNumber("prev-transaction-record-id", previousRecords);
    return new Origin(timestamp, null, record, position);
  }

  private void keepNumber(String name, @Nullable Long value) {
    if (value != null) {
      extras.put(name, Long.toString(value));
    }
  }

  /** Complete after {@link #origin}. */
  Map<String, String> extras() {
    return extras;
  }
}
