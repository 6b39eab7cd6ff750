package io.dynapipe.mapping;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Column;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.transform.TablePlan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Maps changes of tables' definitions. */
final class TableChangeMapper {

  private final TableMappings mappings;

  TableChangeMapper(TableMappings mappings) {
    this.mappings = mappings;
  }

  /**
   * A table change as the target shall see it; null when it shall not see it.
   *
   * @param plan of the definition after the change; null when that is not told or not selected
   */
  @Nullable TableChange map(TableChange event, @Nullable TablePlan plan) {
    TableName previous = event.previousTable();
    if (event.operation() == TableOperation.RENAME_TABLE && previous != null) {
      return renamedTable(event, previous, plan);
    }
    if (!mappings.selectsAnyKind(event.table())) {
      return null;
    }
    if (plan == null) {
      TableName target = mappings.targetTable(event.table());
      return target.equals(event.table())
          ? event
          : made(event, event.operation(), target, null, null, Map.of());
    }
    if (plan.isPassThrough()) {
      return event;
    }
    if (event.operation() == TableOperation.RENAME_COLUMN) {
      return renamedColumns(event, plan);
    }
    return made(event, event.operation(), plan.target().table(), plan, null, Map.of());
  }

  /**
   * A table that a rename brings into the selection is a new one to the target; one that leaves it
   * stays there as it is. Where both names are one at the target, the definition alone may differ.
   */
  private @Nullable TableChange renamedTable(
      TableChange event, TableName previous, @Nullable TablePlan plan) {
    if (!mappings.selectsAnyKind(event.table())) {
      return null;
    }
    TableName target = mappings.targetTable(event.table());
    if (!mappings.selectsAnyKind(previous)) {
      return plan == null
          ? null
          : made(event, TableOperation.CREATE_TABLE, target, plan, null, Map.of());
    }
    TableName previousTarget = mappings.targetTable(previous);
    if (previousTarget.equals(target)) {
      return plan == null
          ? null
          : made(event, TableOperation.CHANGE_COLUMNS, target, plan, null, Map.of());
    }
    if (plan != null) {
      requireSameColumns(event, previous, plan);
    }
    boolean same =
        (plan == null || plan.isPassThrough())
            && target.equals(event.table())
            && previousTarget.equals(previous);
    return same
        ? event
        : made(event, TableOperation.RENAME_TABLE, target, plan, previousTarget, Map.of());
  }

  /** A table and its columns cannot change their names at the target in one step. */
  private void requireSameColumns(TableChange event, TableName previous, TablePlan plan) {
    for (Column column : plan.source().columns()) {
      String now = mappings.targetColumn(event.table(), column);
      String then = mappings.targetColumn(previous, column);
      if (!Objects.equals(now, then)) {
        throw PipelineException.permanent(
            "the rename of "
                + previous
                + " to "
                + event.table()
                + " would also rename column '"
                + column.name()
                + "' at the target, from "
                + then
                + " to "
                + now,
            "Reload the table, or let the rules treat both names alike.",
            null);
      }
    }
  }

  private TableChange renamedColumns(TableChange event, TablePlan plan) {
    Map<String, String> renamed = new LinkedHashMap<>();
    for (Map.Entry<String, String> rename : event.renamedColumns().entrySet()) {
      Column now = plan.source().column(rename.getValue());
      String target = now == null ? null : mappings.targetColumn(event.table(), now);
      String before =
          now == null ? null : mappings.targetColumn(event.table(), now.withName(rename.getKey()));
      if (before != null && target != null && !before.equals(target)) {
        renamed.put(before, target);
      }
    }
    TableOperation operation =
        renamed.isEmpty() ? TableOperation.CHANGE_COLUMNS : TableOperation.RENAME_COLUMN;
    return made(event, operation, plan.target().table(), plan, null, renamed);
  }

  private static TableChange made(
      TableChange event,
      TableOperation operation,
      TableName table,
      @Nullable TablePlan plan,
      @Nullable TableName previous,
      Map<String, String> renamed) {
    TableSchema schema = plan == null ? null : plan.target();
    return new TableChange(
        table, operation, schema, previous, renamed, event.origin(), event.extras());
  }
}
