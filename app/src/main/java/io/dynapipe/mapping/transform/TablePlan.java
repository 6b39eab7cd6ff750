package io.dynapipe.mapping.transform;

import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.filter.ChangeFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rules come to for a table as it is defined now. Immutable, thread-safe.
 *
 * @param source the table at the source
 * @param target the table as the target shall see it
 * @param filter null when every row is replicated
 * @param wantedColumns source columns that full load and CDC have to read
 */
public record TablePlan(
    TableSchema source,
    TableSchema target,
    @Nullable ChangeFilter filter,
    List<String> wantedColumns) {

  public TablePlan {
    wantedColumns = List.copyOf(wantedColumns);
  }

  /** The condition for the WHERE clause of a full load; null when every row is wanted. */
  public @Nullable String whereClause() {
    return filter == null ? null : filter.sql();
  }

  /**
   * Whether updates can only be mapped with the old values of more than the key: then the table
   * needs {@code REPLICA IDENTITY FULL}.
   */
  public boolean needsOldRows() {
    return filter != null && filter.needsOldRows();
  }
}
