package io.dynapipe.sink.postgres;

import io.dynapipe.event.Column;
import io.dynapipe.event.TableSchema;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One change of a table of columns, step by step; knows the columns as they have become. */
final class ColumnsAlteration {

  private static final Logger LOG = LoggerFactory.getLogger(ColumnsAlteration.class);

  private final Statement statement;
  private final TargetTable target;
  private final TableSchema schema;
  private final Map<String, TargetColumn> columns = new LinkedHashMap<>();
  private @Nullable String aux;

  ColumnsAlteration(Statement statement, TargetTable target, TableSchema schema) {
    this.statement = statement;
    this.target = target;
    this.schema = schema;
    this.aux = target.record().auxColumn();
    target.columns().forEach(column -> columns.put(column.name(), column));
  }

  /** The aux column's name as it has become; null when there is none. */
  @Nullable String auxColumn() {
    return aux;
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
        } else if (ColumnsChanges.canHave(to)) {
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
      if (!columns.containsKey(name)
          && ColumnsChanges.canHave(name)
          && columns.size() < ColumnsChanges.MAX_COLUMNS) {
        ColumnType type = ColumnTypes.of(column);
        alter("ADD COLUMN " + Sql.name(name) + " " + type.sqlName());
        columns.put(name, new TargetColumn(name, type, false));
      }
    }
  }

  /**
   * Widens types of our tables. Where the new type is another, and in a person's table, the old
   * column stays and aux helps out.
   */
  void checkTypes() throws SQLException {
    for (Column column : schema.columns()) {
      TargetColumn held = columns.get(column.name());
      if (held == null || held.generated() || column.name().equals(aux)) {
        continue;
      }
      ColumnType type = ColumnTypes.of(column);
      if (target.record().createdByUs() && ColumnTypes.widens(held.type(), type)) {
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
