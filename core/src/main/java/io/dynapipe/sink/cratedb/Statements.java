package io.dynapipe.sink.cratedb;

import io.dynapipe.sink.cratedb.TargetTable.AuxPlace;
import io.dynapipe.sink.cratedb.TargetTable.KeyColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements that write a keyed table. Their texts depend on the table alone (and on the set of
 * columns where a table has a column for each), so that CrateDB plans them once.
 *
 * <p>Parameters come in the order pk, data or the columns, aux; see {@link RowRenderer}.
 */
final class Statements {

  private final TargetTable table;

  Statements(TargetTable table) {
    this.table = table;
  }

  /**
   * Inserts rows, or replaces those that have their keys.
   *
   * @param columns source columns in parameter order; unused with {@code data}
   */
  String put(List<String> columns) {
    if (table.keyStyle() == TargetTable.KeyStyle.EVENT) {
      return insert(columns) + " ON CONFLICT DO NOTHING";
    }
    if (!table.isKeyed()) {
      return insert(columns);
    }
    List<String> sets = new ArrayList<>();
    if (table.objectData()) {
      sets.add("data = excluded.data");
    } else {
      for (String column : columns) {
        if (!table.isKey(column)) {
          String name = table.columnName(column);
          sets.add(name + " = excluded." + name);
        }
      }
    }
    if (hasColumn()) {
      sets.add("aux = excluded.aux");
    }
    return insert(columns) + onConflict(sets);
  }

  /**
   * Inserts rows, or sets only the given columns of those that have their keys. With {@code aux},
   * one more parameter holds each given column's text or null; with {@code data['_aux']}, two more:
   * the texts, and the same with null for the others.
   */
  String merge(List<String> columns) {
    List<String> sets = new ArrayList<>();
    if (table.objectData()) {
      sets.add("data = " + merged("concat(data, excluded.data)", ""));
    } else {
      for (String column : columns) {
        if (!table.isKey(column)) {
          String name = table.columnName(column);
          sets.add(name + " = excluded." + name);
        }
      }
    }
    if (hasColumn()) {
      sets.add("aux = CASE WHEN aux IS NULL THEN excluded.aux ELSE concat(aux, ?) END");
    }
    return insert(columns) + onConflict(sets);
  }

  /**
   * Copies the row of the previous key to the new key, with the given columns' new values. With
   * {@code aux}, there are two parameters for it as in {@link #merge}; the previous key comes after
   * them.
   */
  String move(List<String> columns) {
    List<String> values = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    if (table.hasPkObject()) {
      targets.add("pk");
      values.add("?::object");
    }
    if (table.objectData()) {
      targets.add("data");
      values.add(merged("concat(data, ?::object)", "::object"));
    } else {
      for (String column : columns) {
        targets.add(table.columnName(column));
        values.add("?::" + castable(column));
      }
      for (String column : table.columns().keySet()) {
        if (!columns.contains(column)) {
          targets.add(table.columnName(column));
          values.add(table.columnName(column));
        }
      }
    }
    if (hasColumn()) {
      targets.add("aux");
      values.add("CASE WHEN aux IS NULL THEN ?::object ELSE concat(aux, ?::object) END");
    }
    List<String> sets = new ArrayList<>();
    for (String target : targets) {
      if (!target.equals("pk")
          && table.key().stream().noneMatch(k -> k.reference().equals(target))) {
        sets.add(target + " = excluded." + target);
      }
    }
    return "INSERT INTO "
        + table.sql()
        + " ("
        + String.join(", ", targets)
        + ") (SELECT "
        + String.join(", ", values)
        + " FROM "
        + table.sql()
        + " WHERE "
        + keyEquals()
        + ")"
        + onConflict(sets);
  }

  private boolean hasColumn() {
    return table.aux() == AuxPlace.COLUMN;
  }

  /** With misfits in {@code data['_aux']}, which merging data alone would replace. */
  private String merged(String data, String cast) {
    return table.aux() == AuxPlace.MEMBER ? withAux(data, cast) : data;
  }

  static String withAux(String data, String cast) {
    return "concat("
        + data
        + ", {\"_aux\" = CASE WHEN data['_aux'] IS NULL THEN ?"
        + cast
        + " ELSE concat(data['_aux'], ?"
        + cast
        + ") END})";
  }

  private String castable(String column) {
    CrateType type = table.type(column);
    return type == null || type.kind() == CrateType.Kind.OBJECT ? "object" : type.kind().sql();
  }

  /** Deletes rows by their keys. */
  String delete() {
    return "DELETE FROM " + table.sql() + " WHERE " + keyEquals();
  }

  /** The condition for one row by its key. */
  String keyEquals() {
    return table.key().stream()
        .map(part -> part.reference() + " = ?")
        .collect(Collectors.joining(" AND "));
  }

  private String insert(List<String> columns) {
    List<String> targets = new ArrayList<>();
    if (table.hasPkObject()) {
      targets.add("pk");
    }
    if (table.objectData()) {
      targets.add("data");
    } else {
      columns.forEach(column -> targets.add(table.columnName(column)));
    }
    if (hasColumn()) {
      targets.add("aux");
    }
    return "INSERT INTO "
        + table.sql()
        + " ("
        + String.join(", ", targets)
        + ") VALUES ("
        + String.join(", ", java.util.Collections.nCopies(targets.size(), "?"))
        + ")";
  }

  private String onConflict(List<String> sets) {
    String target =
        table.key().stream().map(KeyColumn::reference).collect(Collectors.joining(", "));
    return sets.isEmpty()
        ? " ON CONFLICT DO NOTHING"
        : " ON CONFLICT (" + target + ") DO UPDATE SET " + String.join(", ", sets);
  }
}
