package io.dynapipe.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.sink.cratedb.CrateQuery;
import io.dynapipe.sink.cratedb.CrateSettings;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows of a small target table, as a query finds them. */
final class TargetRows {

  /** Members in order of their names, so that equal rows have equal texts. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .build();

  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private TargetRows() {}

  /**
   * The {@code data} of each row as JSON text, ordered by a key column.
   *
   * @throws PipelineException when the target cannot be asked
   */
  static List<String> of(SinkUrl sink, TableName table, String key) {
    List<Map<String, @Nullable Object>> rows =
        sink instanceof CrateUrl crate ? ask(crate, table) : ask((PostgresUrl) sink, table);
    return rows.stream()
        .sorted(Comparator.comparing(row -> number(row, key)))
        .map(TargetRows::text)
        .toList();
  }

  private static BigDecimal number(Map<String, @Nullable Object> row, String key) {
    return new BigDecimal(String.valueOf(row.get(key)));
  }

  private static List<Map<String, @Nullable Object>> ask(CrateUrl url, TableName table) {
    String schema = Objects.requireNonNullElse(url.schema(), table.schema());
    String name = quoted(schema) + "." + quoted(table.name());
    CrateQuery query = new CrateQuery(CrateSettings.of(url));
    query.refresh(name);
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> row : query.rows("SELECT data FROM " + name)) {
      rows.add(JSON.convertValue(row.get(0), OBJECT));
    }
    return rows;
  }

  private static List<Map<String, @Nullable Object>> ask(PostgresUrl url, TableName table) {
    String sql = "SELECT data FROM " + quoted(table.schema()) + "." + quoted(table.name());
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(JSON.readValue(result.getString(1), OBJECT));
      }
      return rows;
    } catch (SQLException | JsonProcessingException e) {
      throw PipelineException.environment(
          "the target does not tell the rows of " + table + ": " + e.getMessage(),
          "Check that the target can be reached and that the table is there.",
          e);
    }
  }

  private static String text(Map<String, @Nullable Object> row) {
    try {
      return JSON.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row read from JSON cannot be written as JSON", e);
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
