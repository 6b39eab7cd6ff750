package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableSchema;
import java.util.Set;

/** Names that CrateDB refuses, as its {@code ColumnIdent} checks them (error 4008). */
final class CrateNames {

  /** Top-level names that stand for CrateDB's own columns. */
  private static final Set<String> SYSTEM =
      Set.of(
          "_doc",
          "_docid",
          "_fetchid",
          "_field_names",
          "_id",
          "_primary_term",
          "_raw",
          "_recovery_source",
          "_score",
          "_seq_no",
          "_source",
          "_tombstone",
          "_type",
          "_uid",
          "_version");

  private static final String AUX = "aux";

  private CrateNames() {}

  /** Whether an object cannot have a declared or dynamic member of this name. */
  static boolean refusedInObject(String name) {
    for (int i = 0; i < name.length(); i++) {
      switch (name.charAt(i)) {
        case '.', '[', '\t', '\n', '\r' -> {
          return true;
        }
        default -> {
          // Everything else is accepted, the empty name and control characters included.
        }
      }
    }
    return false;
  }

  /** Whether a table cannot have a column of this name. */
  static boolean refusedAsColumn(String name) {
    return name.isEmpty() || SYSTEM.contains(name) || refusedInObject(name);
  }

  /**
   * The name of a key's column where each source column has one: as the source calls it, with an
   * underscore for each character that CrateDB refuses, and as many after it as make it unlike all
   * other columns.
   */
  static String keyColumn(TableSchema source, String name) {
    if (!refusedAsColumn(name) && !name.equals(AUX)) {
      return name;
    }
    String column = keyMember(name);
    do {
      column += "_";
    } while (source.column(column) != null || refusedAsColumn(column));
    return column;
  }

  /**
   * The member of {@code pk} for a key column: the column's name, with an underscore for each
   * character that CrateDB refuses.
   */
  static String keyMember(String name) {
    return refusedInObject(name) ? name.replaceAll("[.\\[\t\n\r]", "_") : name;
  }
}
