package io.dynapipe.source.postgres.pgoutput;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What pglogical queues when a table was emptied: its schema and name, as JSON. */
final class QueuedTruncate {

  private static final JsonFactory JSON = new JsonFactory();

  private QueuedTruncate() {}

  /**
   * The table.
   *
   * @throws PipelineException (permanent) when the message names none
   */
  static TableName table(String message) {
    String schema = "";
    String name = "";
    try (JsonParser parser = JSON.createParser(message)) {
      parser.nextToken();
      for (String member = parser.nextFieldName();
          member != null;
          member = parser.nextFieldName()) {
        String value = parser.nextTextValue();
        if (member.equals("schema_name") && value != null) {
          schema = value;
        } else if (member.equals("table_name") && value != null) {
          name = value;
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw unreadable(message, e);
    }
    if (schema.isEmpty() || name.isEmpty()) {
      throw unreadable(message, null);
    }
    return new TableName(schema, name);
  }

  private static PipelineException unreadable(String message, @Nullable IOException cause) {
    return PipelineException.permanent(
        "pglogical tells of an emptied table, but not of which: " + message,
        "Report it with the version of pglogical.",
        cause);
  }
}
