package io.dynapipe.source.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which names relations have at the moment. */
final class RelationNames {

  private RelationNames() {}

  /** Names by oid; relations that do not exist any more are missing. */
  static Map<Long, TableName> of(Connection connection, Collection<Long> oids) throws SQLException {
    Map<Long, TableName> names = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(CatalogSql.NAMES)) {
      statement.setArray(1, connection.createArrayOf("oid", oids.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          names.put(row.getLong(1), new TableName(row.getString(2), row.getString(3)));
        }
      }
    }
    return names;
  }

  /**
   * Asked at the end of a transaction that has changed a publication by tables' names: these must
   * have been the tables meant.
   *
   * @throws PipelineException (retryable) when one was dropped or renamed meanwhile
   */
  static void requireUnchanged(Connection connection, List<SourceTable> tables)
      throws SQLException {
    Map<Long, TableName> now = of(connection, tables.stream().map(SourceTable::oid).toList());
    for (SourceTable table : tables) {
      if (!table.name().equals(now.get(table.oid()))) {
        throw PipelineException.retryable(
            "the table " + table.name() + " was dropped or renamed while it was to be published",
            null);
      }
    }
  }
}
