package io.dynapipe.mapping.transform;

import io.dynapipe.dms.PartitionRule;
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
 * @param stages what rows go through, in this order; none when they stay as they are
 * @param keyNeedsOldRows whether the target's key has columns that the source's key does not tell
 * @param needsOldRows whether updates can only be mapped with the old values of more than the key:
 *     then the table needs {@code REPLICA IDENTITY FULL}, and the source has to tell whole old rows
 * @param marksDeletes columns that mark deleted rows, which then stay (operation_indicator); none
 *     when deletes are deletes
 * @param wantedColumns source columns that full load and CDC have to read
 * @param partitioning by what records are spread over the stream; null when no rule says
 * @param warnings rules that have no effect on the table although they name it
 */
public record TablePlan(
    TableSchema source,
    TableSchema target,
    @Nullable ChangeFilter filter,
    List<Stage> stages,
    boolean keyNeedsOldRows,
    boolean needsOldRows,
    List<String> marksDeletes,
    List<String> wantedColumns,
    @Nullable PartitionRule partitioning,
    List<String> warnings) {

  public TablePlan {
    stages = List.copyOf(stages);
    marksDeletes = List.copyOf(marksDeletes);
    wantedColumns = List.copyOf(wantedColumns);
    warnings = List.copyOf(warnings);
  }

  /** The condition for the WHERE clause of a full load; null when every row is wanted. */
  public @Nullable String whereClause() {
    return filter == null ? null : filter.sql();
  }

  /** Whether the table's events stay as they are. */
  public boolean isPassThrough() {
    return filter == null && stages.isEmpty() && target.equals(source);
  }
}
