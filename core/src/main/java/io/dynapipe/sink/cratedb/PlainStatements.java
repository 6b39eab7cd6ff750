package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Row;
import io.dynapipe.event.ValueKind;
import java.util.ArrayList;
import java.util.List;

/** Statements that change one row by its {@code _id}, the last parameter. */
final class PlainStatements {

  private PlainStatements() {}

  /** Replaces a whole row. */
  static String replace(OpenTable table, Row row) {
    TargetTable target = table.target();
    List<String> sets = new ArrayList<>();
    if (target.objectData()) {
      sets.add("data = ?");
    } else {
      for (String name : table.plan(row.columns()).written()) {
        sets.add(target.columnName(name) + " = ?");
      }
    }
    if (target.aux() == TargetTable.AuxPlace.COLUMN) {
      sets.add("aux = ?");
    }
    return update(target, sets);
  }

  /** Sets the columns that the row tells. */
  static String merge(OpenTable table, Row row) {
    TargetTable target = table.target();
    List<String> sets = new ArrayList<>();
    if (target.objectData()) {
      String data = "concat(data, ?)";
      sets.add(
          "data = "
              + (target.aux() == TargetTable.AuxPlace.MEMBER
                  ? Statements.withAux(data, "")
                  : data));
    } else {
      for (String name : table.plan(row.columns()).placed()) {
        if (row.kind(name).hasValue() || row.kind(name) == ValueKind.NULL) {
          sets.add(target.columnName(name) + " = ?");
        }
      }
    }
    if (target.aux() == TargetTable.AuxPlace.COLUMN) {
      sets.add("aux = CASE WHEN aux IS NULL THEN ? ELSE concat(aux, ?) END");
    }
    return update(target, sets);
  }

  private static String update(TargetTable target, List<String> sets) {
    return "UPDATE " + target.sql() + " SET " + String.join(", ", sets) + " WHERE _id = ?";
  }
}
