package io.dynapipe.mapping;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.transform.TablePlan;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes events as the table mappings say. A table that no rule changes keeps its very event
 * objects. One thread at a time: each reader has its own mapper.
 */
public final class EventMapper {

  /** A plan, or that the table is not selected. */
  private record Entry(TableSchema source, @Nullable TablePlan plan) {}

  private final TableMappings mappings;
  private final Map<TableName, Entry> entries = new HashMap<>();
  private @Nullable Entry last;

  public EventMapper(TableMappings mappings) {
    this.mappings = mappings;
  }

  /**
   * An event as the target shall see it; null when it shall not see it.
   *
   * @param source the table's definition at the source as of this event
   * @throws io.dynapipe.error.PipelineException (input) when rules do not fit the table;
   *     (permanent) when the event cannot be mapped without risking a wrong row
   */
  public @Nullable ChangeEvent map(ChangeEvent event, TableSchema source) {
    if (event instanceof RowChange row) {
      return map(row, source);
    }
    return event instanceof TableChange change ? map(change) : null;
  }

  /** A row change as the target shall see it; see {@link #map(ChangeEvent, TableSchema)}. */
  public @Nullable RowChange map(RowChange event, TableSchema source) {
    TablePlan plan = plan(source);
    if (plan == null) {
      return null;
    }
    return plan.filter() == null ? event : plan.filter().apply(event);
  }

  /** A table change as the target shall see it; null when it shall not see it. */
  public @Nullable TableChange map(TableChange event) {
    return mappings.selectsAnyKind(event.table()) ? event : null;
  }

  /**
   * What the rules come to for a table; null when it is not selected.
   *
   * @throws io.dynapipe.error.PipelineException (input) when rules do not fit the table
   */
  public @Nullable TablePlan plan(TableSchema source) {
    Entry entry = last;
    if (entry == null || !isSame(entry.source(), source)) {
      entry = entry(source);
      last = entry;
    }
    return entry.plan();
  }

  private Entry entry(TableSchema source) {
    Entry entry = entries.get(source.table());
    if (entry == null || !(isSame(entry.source(), source) || entry.source().equals(source))) {
      boolean selected = mappings.selectsAnyKind(source.table());
      entry = new Entry(source, selected ? mappings.plan(source) : null);
      entries.put(source.table(), entry);
    }
    return entry;
  }

  /** Usually the very same object; equality would compare every column. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(TableSchema a, TableSchema b) {
    return a == b;
  }
}
