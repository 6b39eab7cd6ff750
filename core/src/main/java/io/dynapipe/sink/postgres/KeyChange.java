package io.dynapipe.sink.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a new definition addresses rows by other columns than the target table does. */
final class KeyChange {

  private KeyChange() {}

  /** Whether the key's columns differ, apart from those that the change renames. */
  static boolean changes(@Nullable TableSchema old, TableSchema schema, TableChange change) {
    if (old == null) {
      return false;
    }
    List<String> renamed =
        old.primaryKey().stream()
            .map(name -> change.renamedColumns().getOrDefault(name, name))
            .toList();
    Set<String> key = Set.copyOf(schema.primaryKey());
    return !Set.copyOf(renamed).equals(key) && !Set.copyOf(old.primaryKey()).equals(key);
  }

  static boolean hasRows(Connection connection, TargetTable table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT 1 FROM " + table.sql() + " LIMIT 1")) {
      return result.next();
    }
  }

  static PipelineException refusal(TargetTable target, TableSchema schema) {
    TableSchema old = target.definition();
    return PipelineException.permanent(
        "the primary key of "
            + schema.table()
            + " changed from "
            + (old == null ? List.of() : old.primaryKey())
            + " to "
            + schema.primaryKey()
            + ", but the target holds rows under the old one",
        "Load the table again with TargetTablePrepMode DROP_AND_CREATE.",
        null);
  }
}
