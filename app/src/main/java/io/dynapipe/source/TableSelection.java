package io.dynapipe.source;

import io.dynapipe.event.TableName;
import java.util.Set;

/** Which tables of a source are wanted. Thread-safe. */
@FunctionalInterface
public interface TableSelection {

  /** Every table, no views. */
  TableSelection ALL_TABLES = (table, isView) -> !isView;

  /** Whether this table (or view) is wanted. */
  boolean includes(TableName table, boolean isView);

  /** Names that must exist; one that does not is an error instead of a shorter selection. */
  default Set<TableName> required() {
    return Set.of();
  }

  /** Exactly these, each of which must exist. */
  static TableSelection exactly(Set<TableName> tables) {
    Set<TableName> wanted = Set.copyOf(tables);
    return requiring(wanted, (table, isView) -> wanted.contains(table));
  }

  /** A choice, and names that must exist. */
  static TableSelection requiring(Set<TableName> names, TableSelection choice) {
    return new TableSelection() {
      @Override
      public boolean includes(TableName table, boolean isView) {
        return choice.includes(table, isView);
      }

      @Override
      public Set<TableName> required() {
        return names;
      }
    };
  }
}
