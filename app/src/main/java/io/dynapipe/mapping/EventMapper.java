package io.dynapipe.mapping;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.transform.BeforeImageColumns;
import io.dynapipe.mapping.transform.ChangeTransformer;
import io.dynapipe.mapping.transform.TablePlan;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes events as the table mappings say. A table that no rule changes keeps its very event
 * objects. One thread at a time: each reader has its own mapper.
 */
public final class EventMapper {

  /** What to do with a table's rows; nothing when the table is not selected. */
  private record Entry(TableSchema source, @Nullable ChangeTransformer transformer) {}

  private final TableMappings mappings;
  private final BeforeImageColumns beforeImage;
  private final TableChangeMapper tableChanges;
  private final Map<TableName, Entry> entries = new HashMap<>();
  private @Nullable Entry last;

  /** A mapper whose updates tell the old key when it changed, and no other old values. */
  public EventMapper(TableMappings mappings) {
    this(mappings, BeforeImageColumns.CHANGED_KEY);
  }

  /**
   * A mapper.
   *
   * @param beforeImage which old values updates are to tell
   */
  public EventMapper(TableMappings mappings, BeforeImageColumns beforeImage) {
    this.mappings = mappings;
    this.beforeImage = beforeImage;
    this.tableChanges = new TableChangeMapper(mappings);
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
    ChangeTransformer transformer = transformer(source);
    return transformer == null ? null : transformer.apply(event);
  }

  /**
   * A table change as the target shall see it; null when it shall not see it.
   *
   * @throws io.dynapipe.error.PipelineException (input) when rules do not fit the table
   */
  public @Nullable TableChange map(TableChange event) {
    TableSchema schema = event.schema();
    return tableChanges.map(event, schema == null ? null : plan(schema));
  }

  /**
   * What the rules come to for a table; null when it is not selected.
   *
   * @throws io.dynapipe.error.PipelineException (input) when rules do not fit the table
   */
  public @Nullable TablePlan plan(TableSchema source) {
    ChangeTransformer transformer = transformer(source);
    return transformer == null ? null : transformer.plan();
  }

  private @Nullable ChangeTransformer transformer(TableSchema source) {
    Entry entry = last;
    if (entry == null || !isSame(entry.source(), source)) {
      entry = entry(source);
      last = entry;
    }
    return entry.transformer();
  }

  private Entry entry(TableSchema source) {
    Entry entry = entries.get(source.table());
    if (entry == null || !isSame(entry.source(), source)) {
      boolean known = entry != null && entry.source().equals(source);
      entry = new Entry(source, entry != null && known ? entry.transformer() : compile(source));
      entries.put(source.table(), entry);
    }
    return entry;
  }

  private @Nullable ChangeTransformer compile(TableSchema source) {
    return mappings.selectsAnyKind(source.table())
        ? new ChangeTransformer(mappings.plan(source), beforeImage)
        : null;
  }

  /** Usually the very same object; equality would compare every column. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(TableSchema a, TableSchema b) {
    return a == b;
  }
}
