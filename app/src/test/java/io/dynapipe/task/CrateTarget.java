package io.dynapipe.task;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.event.Column;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.Sink;
import io.dynapipe.sink.TargetRow;
import io.dynapipe.sink.cratedb.CrateQuery;
import io.dynapipe.sink.cratedb.CrateRows;
import io.dynapipe.sink.cratedb.CrateSettings;
import io.dynapipe.source.postgres.SourceDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The real CrateDB that {@code DYNAPIPE_TEST_CRATEDB} names, as a target of tests. */
final class CrateTarget {

  private static final JsonMapper JSON = new JsonMapper();

  private final CrateUrl url;
  private final CrateQuery query;

  private CrateTarget(CrateUrl url) {
    this.url = url;
    this.query = new CrateQuery(CrateSettings.of(url));
  }

  /** Empty of what tests leave; the test is skipped when no node is named. */
  static CrateTarget open() {
    String url = System.getenv("DYNAPIPE_TEST_CRATEDB");
    assumeTrue(
        url != null && !url.isEmpty(),
        "DYNAPIPE_TEST_CRATEDB names no CrateDB (such as http://localhost:4200)");
    CrateTarget target = new CrateTarget((CrateUrl) SinkUrl.parse(url, Map.of()));
    target.clear();
    return target;
  }

  void clear() {
    query
        .rows(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM"
                + " information_schema.tables WHERE table_schema IN ('public', 'dynapipe', 'side')"
                + " OR table_schema LIKE '%dd%'")
        .forEach(row -> query.rows("DROP TABLE IF EXISTS " + row.get(0)));
  }

  CrateUrl url() {
    return url;
  }

  boolean has(String table) {
    return !query
        .rows("SELECT 1 FROM information_schema.tables WHERE table_name = ?", table)
        .isEmpty();
  }

  /** What was set aside, with whole events. */
  List<QuarantineEntry> quarantined() {
    try (Sink sink = Sinks.open(url, Layout.DOCUMENT)) {
      return sink.quarantine().list();
    }
  }

  /** A table's rows, exact texts first, spelled as the source spells jsonb. */
  List<String> rows(SourceDatabase source, String table) throws SQLException {
    String of =
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = '"
            + table.replace("'", "''")
            + "'::regclass";
    String schemaName = source.query("SELECT nspname" + of).get(0);
    String tableName = source.query("SELECT relname" + of).get(0);
    TableSchema schema = source.table(schemaName, tableName).schema();
    List<String> rows = new ArrayList<>();
    new CrateRows(CrateSettings.of(url)).read(schema, row -> rows.add(json(schema, row)));
    return spelled(source, rows);
  }

  /** CrateDB does not tell NULL and absent members apart. */
  private static String json(TableSchema schema, TargetRow row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    schema.columns().forEach(column -> values.put(column.name(), null));
    values.putAll(row.values());
    row.texts().forEach((name, text) -> values.put(name, value(schema.column(name), text)));
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is in aux is a text, whatever its type. */
  private static Object value(@Nullable Column column, String text) {
    return column != null && column.type().isInteger() ? new BigDecimal(text) : text;
  }

  private static List<String> spelled(SourceDatabase source, List<String> rows)
      throws SQLException {
    List<String> spelled = new ArrayList<>();
    try (Connection connection = source.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT x::jsonb::text FROM unnest(?::text[]) x ORDER BY 1")) {
      statement.setArray(1, connection.createArrayOf("text", rows.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          spelled.add(row.getString(1));
        }
      }
    }
    return spelled;
  }
}
