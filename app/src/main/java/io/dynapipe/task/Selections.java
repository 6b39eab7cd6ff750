package io.dynapipe.task;

import io.dynapipe.event.TableName;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.rule.RelationKind;
import io.dynapipe.source.TableSelection;
import java.util.Set;

/** Brings table mappings to the source as its selection of tables. */
final class Selections {

  private Selections() {}

  /** The relations that the mappings select; views only where rows are loaded and not streamed. */
  static TableSelection of(TableMappings mappings, MigrationType type) {
    return new TableSelection() {
      @Override
      public boolean includes(TableName table, boolean isView) {
        return isView
            ? !type.streams() && mappings.selects(table, RelationKind.VIEW)
            : mappings.selects(table, RelationKind.TABLE);
      }

      @Override
      public Set<TableName> required() {
        return mappings.namedTables();
      }
    };
  }
}
