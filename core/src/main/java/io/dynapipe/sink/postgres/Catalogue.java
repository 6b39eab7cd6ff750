package io.dynapipe.sink.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Reads tables from {@code pg_catalog}. */
final class Catalogue {

  private static final String RELATION =
      """
      SELECT c.oid, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ?\
      """;

  private static final String COLUMNS =
      """
      SELECT a.attname, t.typname, format_type(a.atttypid, NULL), a.atttypmod,
             a.attgenerated <> ''
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum\
      """;

  /** Of whole columns and all rows, checked at once: what ON CONFLICT can infer. */
  private static final String UNIQUE_KEYS =
      """
      SELECT ARRAY(SELECT a.attname::text FROM pg_attribute a
                   WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1]))
      FROM pg_index i
      WHERE i.indrelid = ? AND i.indisunique AND i.indimmediate AND i.indisvalid
        AND i.indpred IS NULL AND i.indexprs IS NULL\
      """;

  private Catalogue() {}

  /** Whether there is a relation of this name, of whatever kind. */
  static boolean exists(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RELATION)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.name());
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }

  /**
   * The table with this record.
   *
   * @throws PipelineException (permanent) when the name is that of a view or the like
   */
  static TargetTable read(Connection connection, TableName name, TableRecord record)
      throws SQLException {
    long oid = relation(connection, name);
    return new TargetTable(
        record, name, oid, columns(connection, oid), uniqueKeys(connection, oid));
  }

  private static long relation(Connection connection, TableName name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RELATION)) {
      statement.setString(1, name.schema());
      statement.setString(2, name.name());
      try (ResultSet result = statement.executeQuery()) {
        if (!result.next()) {
          throw PipelineException.permanent(
              "the target has no table " + name + " any more",
              "Load the source table again, or restore the target table.",
              null);
        }
        String kind = result.getString(2);
        if (!kind.equals("r") && !kind.equals("p")) {
          throw PipelineException.permanent(
              name + " of the target is a view, an index or the like, and no table",
              "Rename it, or give the source table another target name with a mapping rule.",
              null);
        }
        return result.getLong(1);
      }
    }
  }

  private static List<TargetColumn> columns(Connection connection, long oid) throws SQLException {
    List<TargetColumn> columns = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setLong(1, oid);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          columns.add(
              new TargetColumn(
                  result.getString(1),
                  ColumnTypes.ofCatalogue(
                      result.getString(2), result.getString(3), result.getInt(4)),
                  result.getBoolean(5)));
        }
      }
    }
    return columns;
  }

  private static List<Set<String>> uniqueKeys(Connection connection, long oid) throws SQLException {
    List<Set<String>> keys = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(UNIQUE_KEYS)) {
      statement.setLong(1, oid);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          keys.add(Set.copyOf(Arrays.asList((String[]) result.getArray(1).getArray())));
        }
      }
    }
    return keys;
  }
}
