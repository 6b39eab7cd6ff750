package io.dynapipe.task;

import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.rule.RelationKind;
import io.dynapipe.source.TableSelection;

/** Brings table mappings to the source as its selection of tables. */
final class Selections {

  private Selections() {}

  /** The relations that the mappings select; views only where rows are loaded and not streamed. */
  static TableSelection of(TableMappings mappings, MigrationType type) {
    return TableSelection.requiring(
        mappings.namedTables(),
        (table, isView) ->
            isView
                ? !type.streams() && mappings.selects(table, RelationKind.VIEW)
                : mappings.selects(table));
  }
}
