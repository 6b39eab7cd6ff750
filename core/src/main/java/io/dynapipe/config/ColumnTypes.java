package io.dynapipe.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reference processor's variable {@code COLUMN_TYPES}: a JSON object whose names are {@code
 * schema:table:column} and whose values are {@code map}, the only type there is. AWS DMS does not
 * tell JSON from other long texts; this does.
 *
 * @see <a
 *     href="https://github.com/crate/commons-codec/blob/main/src/commons_codec/model.py">commons-codec,
 *     ColumnTypeMapStore</a>
 */
public final class ColumnTypes {

  /** The variable's name. */
  public static final String COLUMN_TYPES = "COLUMN_TYPES";

  private static final JsonFactory JSON = new JsonFactory();
  private static final String CURE =
      "Write it like {\"public:orders:attributes\": \"map\"}, or unset it.";

  private ColumnTypes() {}

  /**
   * The columns whose texts are JSON, as {@code schema.table.column}; none for null or a blank
   * text.
   *
   * @throws PipelineException (input) listing all problems
   */
  public static Set<String> parse(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return Set.of();
    }
    Problems problems = new Problems(COLUMN_TYPES, CURE);
    Set<String> columns = new LinkedHashSet<>();
    try (JsonParser in = JSON.createParser(text)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw problems.fatal("it is not a JSON object");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        columns.add(column(in.currentName(), problems));
        checkType(in, problems);
      }
      if (in.nextToken() != null) {
        problems.add("there is more text after the JSON object");
      }
    } catch (JsonProcessingException e) {
      throw problems.fatal("it is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
    problems.throwIfAny();
    return columns;
  }

  private static String column(String name, Problems problems) {
    String[] parts = name.split(":", -1);
    if (parts.length != 3 || parts[0].isEmpty() || parts[1].isEmpty() || parts[2].isEmpty()) {
      problems.add("'" + name + "' is not schema:table:column");
    }
    return String.join(".", parts);
  }

  private static void checkType(JsonParser in, Problems problems) throws IOException {
    String name = in.currentName();
    if (in.nextToken() != JsonToken.VALUE_STRING || !in.getText().equals("map")) {
      problems.add("the type of '" + name + "' is not \"map\"");
      in.skipChildren();
    }
  }
}
