package io.dynapipe.sink.postgres;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.json.JsonBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Table changes where rows are documents: columns come and go as members. */
final class DocumentChanges implements LayoutChanges {

  @Override
  public void create(Connection connection, TableName name, TableSchema schema, String aux)
      throws SQLException {
    String table = Sql.table(name);
    try (Statement statement = connection.createStatement()) {
      if (schema.hasPrimaryKey()) {
        statement.execute(
            "CREATE TABLE " + table + " (pk JSONB PRIMARY KEY, data JSONB NOT NULL, aux JSONB)");
      } else {
        statement.execute("CREATE TABLE " + table + " (data JSONB NOT NULL, aux JSONB)");
        // Rows are found by their whole content; a hash has no limit of length.
        statement.execute("CREATE INDEX ON " + table + " USING hash (data)");
      }
    }
  }

  @Override
  public @Nullable String alter(
      Connection connection, TargetTable target, TableSchema schema, TableChange change)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!change.renamedColumns().isEmpty()) {
        renameMembers(statement, target, change.renamedColumns());
      }
      if (change.operation() == TableOperation.DROP_COLUMN
          || change.operation() == TableOperation.CHANGE_COLUMNS) {
        dropMembers(statement, target, schema);
      }
      if (!schema.hasPrimaryKey()) {
        addNulls(statement, target, schema);
      }
    }
    return null;
  }

  private static List<String> documents(TargetTable target) {
    List<String> documents = new ArrayList<>();
    for (String name : List.of(TargetTable.KEY, TargetTable.DATA, TargetTable.AUX)) {
      if (target.isJsonb(name)) {
        documents.add(name);
      }
    }
    return documents;
  }

  /**
   * Renames members in all rows. A row that has a member of the new name keeps it: in a replay, it
   * has been through this change already.
   */
  private static void renameMembers(
      Statement statement, TargetTable target, Map<String, String> newByOld) throws SQLException {
    String pairs =
        newByOld.entrySet().stream()
            .map(e -> "(" + Sql.text(e.getKey()) + ", " + Sql.text(e.getValue()) + ")")
            .collect(Collectors.joining(", "));
    if (target.column(TargetTable.KEY) != null) {
      statement.execute(
          "DELETE FROM "
              + target.sql()
              + " AS t USING "
              + target.sql()
              + " AS o WHERE "
              + hasAny("t.pk", newByOld)
              + " AND o.pk = "
              + renamed("t.pk", pairs, newByOld));
    }
    for (String document : documents(target)) {
      String column = "t." + document;
      statement.execute(
          "UPDATE "
              + target.sql()
              + " AS t SET "
              + document
              + " = "
              + renamed(column, pairs, newByOld)
              + " WHERE "
              + hasAny(column, newByOld));
    }
  }

  private static String hasAny(String column, Map<String, String> newByOld) {
    return "jsonb_exists_any(" + column + ", " + Sql.texts(newByOld.keySet()) + ")";
  }

  private static String renamed(String column, String pairs, Map<String, String> newByOld) {
    String rest = "(" + column + " - " + Sql.texts(newByOld.keySet()) + ")";
    return "((SELECT coalesce(jsonb_object_agg(m.n, "
        + column
        + " -> m.o), '{}') FROM (VALUES "
        + pairs
        + ") AS m(o, n) WHERE jsonb_exists("
        + column
        + ", m.o)) || "
        + rest
        + ")";
  }

  /** Takes members away that the definition does not have, whatever row of whatever time. */
  private static void dropMembers(Statement statement, TargetTable target, TableSchema schema)
      throws SQLException {
    String names = Sql.texts(schema.columns().stream().map(Column::name).toList());
    for (String document : documents(target)) {
      if (document.equals(TargetTable.KEY)) {
        continue;
      }
      String column = "t." + document;
      statement.execute(
          "UPDATE "
              + target.sql()
              + " AS t SET "
              + document
              + " = "
              + column
              + " - ARRAY(SELECT k FROM jsonb_object_keys("
              + column
              + ") AS k WHERE k <> ALL ("
              + names
              + ")) WHERE "
              + column
              + " - "
              + names
              + " <> '{}'");
    }
  }

  /** Keyless rows are compared as a whole, so that all must have the same members. */
  private static void addNulls(Statement statement, TargetTable target, TableSchema schema)
      throws SQLException {
    List<String> names = schema.columns().stream().map(Column::name).toList();
    JsonBuffer nulls = new JsonBuffer(256);
    names.forEach(name -> nulls.raw(nulls.size() == 0 ? '{' : ',').string(name).raw(":null"));
    nulls.raw(names.isEmpty() ? "{}" : "}");
    statement.execute(
        "UPDATE "
            + target.sql()
            + " AS t SET data = "
            + Sql.text(nulls.toString())
            + " || t.data WHERE NOT jsonb_exists_all(t.data, "
            + Sql.texts(names)
            + ")");
  }
}
