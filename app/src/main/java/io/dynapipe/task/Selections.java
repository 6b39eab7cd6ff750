package io.dynapipe.task;

import io.dynapipe.event.TableName;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.source.TableSelection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Brings table mappings to the source as its selection of tables. */
public final class Selections {

  private Selections() {}

  /**
   * The tables that the mappings select.
   *
   * @param patterns as given with {@code --tables}: those without a wildcard must exist
   */
  public static TableSelection of(TableMappings mappings, List<String> patterns) {
    Set<TableName> required =
        patterns.stream()
            .filter(pattern -> pattern.matches("[^%\\[\"]+"))
            .map(Selections::table)
            .collect(Collectors.toUnmodifiableSet());
    return new TableSelection() {
      @Override
      public boolean includes(TableName table, boolean isView) {
        return !isView && mappings.selects(table);
      }

      @Override
      public Set<TableName> required() {
        return required;
      }
    };
  }

  private static TableName table(String pattern) {
    int dot = pattern.indexOf('.');
    return dot < 0
        ? new TableName("public", pattern)
        : new TableName(pattern.substring(0, dot), pattern.substring(dot + 1));
  }
}
