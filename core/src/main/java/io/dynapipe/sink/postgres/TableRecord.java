package io.dynapipe.sink.postgres;

import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Layout;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code dynapipe.tables}.
 *
 * @param id names the table of event ids, {@code dynapipe.events_<id>}
 * @param table the source's name
 * @param renamedTo set when the table was renamed: rows of a replay that still bear the old name
 *     belong there
 * @param createdByUs whether a drop at the source may drop the table
 * @param oid the target table's identity: a table that was made again under the same name is
 *     another, and not ours
 * @param auxColumn columns layout: the column for what no other can hold; null when there is none
 * @param definition null when no event has told it
 * @param createdMicros time of the create-table event, microseconds since 1970-01-01T00:00:00Z
 * @param renamedMicros time of the rename-table event that gave it this name; 0 when none did
 * @param version grows with every change of the row, so that other processes notice
 */
record TableRecord(
    long id,
    TableName table,
    @Nullable TableName renamedTo,
    boolean createdByUs,
    long oid,
    Layout layout,
    @Nullable String auxColumn,
    @Nullable TableSchema definition,
    long createdMicros,
    long renamedMicros,
    long version) {

  /** The record of a table that is not known yet; id and version come with saving. */
  static TableRecord of(
      TableName table, boolean createdByUs, Layout layout, @Nullable String auxColumn) {
    return new TableRecord(0, table, null, createdByUs, 0, layout, auxColumn, null, 0, 0, 0);
  }

  TableRecord withDefinition(@Nullable TableSchema newDefinition) {
    return new TableRecord(
        id,
        table,
        renamedTo,
        createdByUs,
        oid,
        layout,
        auxColumn,
        newDefinition,
        createdMicros,
        renamedMicros,
        version);
  }

  TableRecord withTarget(long newOid, boolean ours, Layout newLayout, @Nullable String newAux) {
    return new TableRecord(
        id,
        table,
        renamedTo,
        ours,
        newOid,
        newLayout,
        newAux,
        definition,
        createdMicros,
        renamedMicros,
        version);
  }

  TableRecord withCreatedMicros(long micros) {
    return new TableRecord(
        id,
        table,
        renamedTo,
        createdByUs,
        oid,
        layout,
        auxColumn,
        definition,
        micros,
        renamedMicros,
        version);
  }
}
