package io.dynapipe.mapping;

import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableSchema;
import org.jspecify.annotations.Nullable;

/**
 * Changes events as the table mappings say. A table that no rule changes keeps its very event
 * objects. One thread at a time; mappers of the same mappings share what is costly.
 */
public final class EventMapper {

  private final TableMappings mappings;

  public EventMapper(TableMappings mappings) {
    this.mappings = mappings;
  }

  /**
   * A row change as the target shall see it; null when it shall not see it.
   *
   * @param source the table's definition at the source, of which the row's columns are
   */
  public @Nullable RowChange map(RowChange event, TableSchema source) {
    return mappings.selects(source.table()) ? event : null;
  }

  /** A table change as the target shall see it; null when it shall not see it. */
  public @Nullable TableChange map(TableChange event) {
    return mappings.selects(event.table()) ? event : null;
  }

  /** The target's definition of a source table. */
  public TableSchema target(TableSchema source) {
    return source;
  }
}
