package io.dynapipe.sink.postgres;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Table changes where each source column is a column. */
final class ColumnsChanges implements LayoutChanges {

  /** PostgreSQL's limit is 1600, dropped columns included; the values of the others go to aux. */
  static final int MAX_COLUMNS = 1_500;

  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("ctid", "xmin", "cmin", "xmax", "cmax", "tableoid");

  @Override
  public void create(Connection connection, TableName name, TableSchema schema, String aux)
      throws SQLException {
    List<String> elements = new ArrayList<>();
    for (Column column : schema.columns()) {
      boolean isKey = schema.primaryKey().contains(column.name());
      if (isKey || (canHave(column.name()) && elements.size() < MAX_COLUMNS)) {
        elements.add(Sql.name(column.name()) + " " + ColumnTypes.of(column).sqlName());
      }
    }
    elements.add(Sql.name(aux) + " jsonb");
    if (schema.hasPrimaryKey()) {
      elements.add(
          schema.primaryKey().stream()
              .map(Sql::name)
              .collect(Collectors.joining(", ", "PRIMARY KEY (", ")")));
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE " + Sql.table(name) + " (" + String.join(", ", elements) + ")");
    }
  }

  static boolean canHave(String name) {
    return Sql.isName(name) && !SYSTEM_COLUMNS.contains(name);
  }

  @Override
  public @Nullable String alter(
      Connection connection, TargetTable target, TableSchema schema, TableChange change)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      ColumnsAlteration alteration = new ColumnsAlteration(statement, target, schema);
      alteration.moveAux();
      alteration.renameColumns(change.renamedColumns());
      if (change.operation() == TableOperation.DROP_COLUMN
          || change.operation() == TableOperation.CHANGE_COLUMNS) {
        alteration.dropColumns();
      }
      alteration.addColumns();
      alteration.checkTypes();
      return alteration.auxColumn();
    }
  }
}
