package io.dynapipe.deploy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.error.PipelineException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns that hold JSON. AWS DMS does not tell them from other long texts, so the function is told
 * in {@code COLUMN_TYPES}.
 */
final class JsonColumns {

  private static final String QUERY =
      """
      SELECT n.nspname, c.relname, a.attname
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        AND a.atttypid IN ('json'::regtype, 'jsonb'::regtype)
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      ORDER BY 1, 2, a.attnum\
      """;

  private JsonColumns() {}

  /**
   * The variable's text for columns that a person named.
   *
   * @param columns {@code schema.table.column}
   */
  static String of(List<String> columns) {
    ObjectNode types = AwsClient.object();
    for (String column : columns) {
      String[] parts = column.split("\\.", -1);
      if (parts.length != 3) {
        throw PipelineException.input(
            "'" + column + "' is not schema.table.column",
            "Write it like public.orders.attributes.");
      }
      types.put(String.join(":", parts), "map");
    }
    return types.toString();
  }

  /** The variable's text for the JSON and JSONB columns that a database has. */
  static String lookAt(PostgresUrl url) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      while (rows.next()) {
        columns.add(rows.getString(1) + "." + rows.getString(2) + "." + rows.getString(3));
      }
    }
    return of(columns);
  }
}
