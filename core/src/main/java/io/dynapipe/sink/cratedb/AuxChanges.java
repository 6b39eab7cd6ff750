package io.dynapipe.sink.cratedb;

import io.dynapipe.sink.cratedb.CrateType.Kind;
import io.dynapipe.sink.cratedb.TargetTable.AuxPlace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Renames and removes values in a table's {@code aux}; call after a refresh. */
final class AuxChanges {

  private final CrateClient client;
  private final TargetTable table;
  private final String place;

  AuxChanges(CrateClient client, TargetTable table) {
    this.client = client;
    this.table = table;
    this.place =
        table.aux() == AuxPlace.COLUMN ? "aux" : SqlText.member("data", TargetTable.AUX_MEMBER);
  }

  void remove(String name) {
    change(name, null);
  }

  void rename(String from, String to) {
    change(from, to);
  }

  /**
   * Row by row, since CrateDB takes a dot in a subscript for a path: {@code aux['a.b']} is not the
   * member "a.b".
   */
  private void change(String from, @Nullable String to) {
    if (!table.hasAux()) {
      return;
    }
    SqlAnswer rows =
        client.execute(
            "SELECT _id, " + place + " FROM " + table.sql() + " WHERE " + place + " IS NOT NULL");
    for (List<@Nullable Object> row : rows.rows()) {
      Object value = row.get(1) instanceof Map<?, ?> members ? members.get(from) : null;
      if (value != null) {
        Map<String, @Nullable Object> update = new java.util.LinkedHashMap<>();
        update.put(from, null);
        if (to != null) {
          update.put(to, value);
        }
        client.execute(
            "UPDATE " + table.sql() + " SET " + merged("?") + " WHERE _id = ?", update, row.get(0));
      }
    }
  }

  /** Copies a column's values into {@code aux}, as the source would have told them. */
  void take(String from, String to, CrateType type) {
    String member = "{" + SqlText.identifier(to) + " = " + text(table.reference(from), type) + "}";
    client.execute(
        "UPDATE "
            + table.sql()
            + " SET "
            + merged(member)
            + " WHERE "
            + table.reference(from)
            + " IS NOT NULL");
  }

  private String merged(String members) {
    return table.aux() == AuxPlace.COLUMN
        ? "aux = concat(aux, " + members + ")"
        : "data = concat(data, {"
            + SqlText.identifier(TargetTable.AUX_MEMBER)
            + " = concat("
            + place
            + ", "
            + members
            + ")})";
  }

  private static String text(String reference, CrateType type) {
    if (type.kind() == Kind.TIMESTAMP) {
      return "date_format('%Y-%m-%dT%H:%i:%s.%fZ', " + reference + ")";
    }
    return type.kind() == Kind.BOOLEAN
        ? "CASE WHEN " + reference + " THEN 'true' ELSE 'false' END"
        : reference + "::text";
  }
}
