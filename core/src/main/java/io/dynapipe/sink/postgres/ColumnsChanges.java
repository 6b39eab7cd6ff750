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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Table changes where each source column is a column. */
final class ColumnsChanges implements LayoutChanges {

  private static final Logger LOG = LoggerFactory.getLogger(ColumnsChanges.class);

  /** PostgreSQL's limit is 1600, dropped columns included; the values of the others go to aux. */
  private static final int MAX_COLUMNS = 1_500;

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

  private static boolean canHave(String name) {
    return Sql.isName(name) && !SYSTEM_COLUMNS.contains(name);
  }

  @Override
  public @Nullable String alter(
      Connection connection, TargetTable target, TableSchema schema, TableChange change)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Alteration alteration = new Alteration(statement, target, schema);
      alteration.moveAux();
      alteration.renameColumns(change.renamedColumns());
      if (change.operation() == TableOperation.DROP_COLUMN
          || change.operation() == TableOperation.CHANGE_COLUMNS) {
        alteration.dropColumns();
      }
      alteration.addColumns();
      alteration.widenTypes();
      return alteration.aux;
    }
  }

  /** One change, step by step; knows the columns as they have become. */
  private static final class Alteration {

    private final Statement statement;
    private final TargetTable target;
    private final TableSchema schema;
    private final Map<String, TargetColumn> columns = new LinkedHashMap<>();
    private @Nullable String aux;

    Alteration(Statement statement, TargetTable target, TableSchema schema) {
      this.statement = statement;
      this.target = target;
      this.schema = schema;
      this.aux = target.record().auxColumn();
      target.columns().forEach(column -> columns.put(column.name(), column));
    }

    private void alter(String action) throws SQLException {
      statement.execute("ALTER TABLE " + target.sql() + " " + action);
    }

    private void renameColumn(String from, String to) throws SQLException {
      alter("RENAME COLUMN " + Sql.name(from) + " TO " + Sql.name(to));
      TargetColumn column = columns.remove(from);
      if (column != null) {
        columns.put(to, new TargetColumn(to, column.type(), column.generated()));
      }
    }

    /** The source may get a column of our aux column's name. */
    void moveAux() throws SQLException {
      String old = aux;
      if (old != null && schema.column(old) != null && target.record().createdByUs()) {
        String moved = Tables.newAuxColumn(target, schema);
        renameColumn(old, moved);
        aux = moved;
      }
    }

    void renameColumns(Map<String, String> newByOld) throws SQLException {
      for (Map.Entry<String, String> entry : newByOld.entrySet()) {
        String from = entry.getKey();
        String to = entry.getValue();
        if (columns.containsKey(from) && !from.equals(aux)) {
          if (columns.containsKey(to)) {
            // A replay wrote rows under the old name; others bear the new name already.
            mergeColumns(from, to);
          } else if (canHave(to)) {
            renameColumn(from, to);
          } else {
            moveToAux(from, to);
          }
        }
        renameInAux(from, to);
      }
    }

    private void mergeColumns(String from, String to) throws SQLException {
      statement.execute(
          "UPDATE "
              + target.sql()
              + " SET "
              + Sql.name(to)
              + " = "
              + Sql.name(from)
              + " WHERE "
              + Sql.name(to)
              + " IS NULL AND "
              + Sql.name(from)
              + " IS NOT NULL");
      if (schema.column(from) == null) {
        alter("DROP COLUMN " + Sql.name(from));
        columns.remove(from);
      }
    }

    /** PostgreSQL has no such column name: the values go on as texts in aux. */
    private void moveToAux(String from, String to) throws SQLException {
      String column = Sql.name(from);
      String auxColumn = Sql.name(ensureAux());
      statement.execute(
          "UPDATE "
              + target.sql()
              + " SET "
              + auxColumn
              + " = jsonb_build_object("
              + Sql.text(to)
              + ", "
              + canonicalText(from)
              + ") || coalesce("
              + auxColumn
              + ", '{}') WHERE "
              + column
              + " IS NOT NULL");
      alter("DROP COLUMN " + column);
      columns.remove(from);
    }

    /** The value as the source would send it. */
    private String canonicalText(String name) {
      String column = Sql.name(name);
      TargetColumn held = columns.get(name);
      ColumnType.Kind kind = held == null ? ColumnType.Kind.TEXT : held.type().kind();
      return switch (kind) {
        case TIMESTAMP ->
            "CASE WHEN isfinite("
                + column
                + ") THEN replace(split_part("
                + column
                + "::text, '+', 1), ' ', 'T') || 'Z' ELSE "
                + column
                + "::text END";
        case BYTEA -> "'0x' || encode(" + column + ", 'hex')";
        default -> column + "::text";
      };
    }

    private void renameInAux(String from, String to) throws SQLException {
      if (aux == null) {
        return;
      }
      String column = Sql.name(aux);
      statement.execute(
          "UPDATE "
              + target.sql()
              + " SET "
              + column
              + " = jsonb_build_object("
              + Sql.text(to)
              + ", "
              + column
              + " -> "
              + Sql.text(from)
              + ") || ("
              + column
              + " - "
              + Sql.text(from)
              + ") WHERE jsonb_exists("
              + column
              + ", "
              + Sql.text(from)
              + ")");
    }

    private String ensureAux() throws SQLException {
      String name = aux;
      if (name == null) {
        name = Tables.newAuxColumn(target, schema);
        alter("ADD COLUMN " + Sql.name(name) + " jsonb");
        aux = name;
      }
      return name;
    }

    /** Columns of our table go; those of a person's table stay and are emptied. */
    void dropColumns() throws SQLException {
      for (TargetColumn column : List.copyOf(columns.values())) {
        String name = column.name();
        if (name.equals(aux) || schema.column(name) != null) {
          continue;
        }
        if (target.record().createdByUs()) {
          alter("DROP COLUMN " + Sql.name(name));
          columns.remove(name);
        } else if (target.definition() != null && target.definition().column(name) != null) {
          statement.execute("UPDATE " + target.sql() + " SET " + Sql.name(name) + " = NULL");
        }
      }
      if (aux != null) {
        String names = Sql.texts(schema.columns().stream().map(Column::name).toList());
        String column = Sql.name(aux);
        statement.execute(
            "UPDATE "
                + target.sql()
                + " SET "
                + column
                + " = nullif("
                + column
                + " - ARRAY(SELECT k FROM jsonb_object_keys("
                + column
                + ") AS k WHERE k <> ALL ("
                + names
                + ")), '{}') WHERE "
                + column
                + " - "
                + names
                + " <> '{}'");
      }
    }

    void addColumns() throws SQLException {
      for (Column column : schema.columns()) {
        String name = column.name();
        if (!columns.containsKey(name) && canHave(name) && columns.size() < MAX_COLUMNS) {
          ColumnType type = ColumnTypes.of(column);
          alter("ADD COLUMN " + Sql.name(name) + " " + type.sqlName());
          columns.put(name, new TargetColumn(name, type, false));
        }
      }
    }

    /** Widens types; where the new type is another, the old column stays and aux helps out. */
    void widenTypes() throws SQLException {
      for (Column column : schema.columns()) {
        TargetColumn held = columns.get(column.name());
        if (held == null || held.generated() || column.name().equals(aux)) {
          continue;
        }
        ColumnType type = ColumnTypes.of(column);
        if (ColumnTypes.widens(held.type(), type)) {
          String name = Sql.name(column.name());
          alter(
              "ALTER COLUMN "
                  + name
                  + " TYPE "
                  + type.sqlName()
                  + " USING "
                  + name
                  + "::"
                  + type.sqlName());
        } else if (held.type().kind() != type.kind()) {
          LOG.info(
              "column '{}' of {} stays {}: not every value of it is one of {}; values that it"
                  + " cannot hold go to aux",
              column.name(),
              target.name(),
              held.type().sqlName(),
              type.sqlName());
        }
      }
    }
  }
}
