package io.dynapipe.sink.cratedb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer of {@code /_sql}. Values are String, Boolean, {@code BigDecimal} without needless
 * zeros, {@code List}, {@code Map} or null.
 *
 * @param rows of a query
 * @param rowCount rows changed, -1 when CrateDB does not tell
 * @param results of a bulk, one for each row
 * @param error null when the statement as a whole succeeded
 */
record SqlAnswer(
    List<List<@Nullable Object>> rows,
    long rowCount,
    List<RowResult> results,
    @Nullable CrateError error) {

  /**
   * What became of one row of a bulk.
   *
   * @param count rows changed; -2 when it failed
   * @param error null when it succeeded, or when CrateDB does not tell why it failed
   */
  record RowResult(long count, @Nullable CrateError error) {

    static final long FAILED = -2;

    boolean failed() {
      return count == FAILED;
    }
  }

  private static final RowResult ONE = new RowResult(1, null);
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(2_000)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Reads an answer; a body that is no JSON becomes an error with its text. */
  static SqlAnswer read(int status, byte[] body) {
    try (JsonParser in = FACTORY.createParser(body)) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        return members(status, in);
      }
    } catch (IOException e) {
      // Not CrateDB's: a proxy's page, or cut off.
      return failed(new CrateError(status, 0, text(body)));
    }
    return failed(new CrateError(status, 0, text(body)));
  }

  private static SqlAnswer failed(CrateError error) {
    return new SqlAnswer(List.of(), -1, List.of(), error);
  }

  private static String text(byte[] body) {
    String text = new String(body, java.nio.charset.StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "no explanation" : text.substring(0, Math.min(text.length(), 500));
  }

  private static SqlAnswer members(int status, JsonParser in) throws IOException {
    List<List<@Nullable Object>> rows = List.of();
    List<RowResult> results = List.of();
    long rowCount = -1;
    CrateError error = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "rows" -> rows = rows(in);
        case "rowcount" -> rowCount = in.getLongValue();
        case "results" -> results = results(in);
        case "error" -> error = error(status, in);
        default -> in.skipChildren();
      }
    }
    if (error == null && status >= 400) {
      error = new CrateError(status, 0, "HTTP " + status);
    }
    return new SqlAnswer(rows, rowCount, results, error);
  }

  private static List<List<@Nullable Object>> rows(JsonParser in) throws IOException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (in.nextToken() == JsonToken.START_ARRAY) {
      rows.add(array(in));
    }
    return rows;
  }

  private static List<@Nullable Object> array(JsonParser in) throws IOException {
    List<@Nullable Object> values = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(in));
    }
    return values;
  }

  private static @Nullable Object value(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case START_ARRAY -> array(in);
      case START_OBJECT -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          String name = in.currentName();
          in.nextToken();
          members.put(name, value(in));
        }
        yield members;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getDecimalValue().stripTrailingZeros();
      default -> in.getText();
    };
  }

  private static List<RowResult> results(JsonParser in) throws IOException {
    List<RowResult> results = new ArrayList<>();
    while (in.nextToken() == JsonToken.START_OBJECT) {
      long count = 0;
      CrateError error = null;
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        if (name.equals("rowcount")) {
          count = in.getLongValue();
        } else if (name.equals("error")) {
          error = error(200, in);
        } else {
          in.skipChildren();
        }
      }
      results.add(count == 1 && error == null ? ONE : new RowResult(count, error));
    }
    return results;
  }

  private static CrateError error(int status, JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      // The form of a request that never reached the SQL layer: {"error": "text", "status": 400}
      return new CrateError(status, 0, in.getText());
    }
    String message = "";
    int code = 0;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      if (name.equals("message") && in.currentToken() == JsonToken.VALUE_STRING) {
        message = in.getText();
      } else if (name.equals("code")) {
        code = in.getIntValue();
      } else {
        in.skipChildren();
      }
    }
    return new CrateError(status, code, message);
  }
}
