package io.dynapipe.processor;

import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Sink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives events the names that their tables have by now. An event of a table that was dropped after
 * it has come again; it gets none, since the name may be another table's.
 */
final class NamesNow {

  private static final Logger LOG = LoggerFactory.getLogger(NamesNow.class);

  private final Sink sink;

  NamesNow(Sink sink) {
    this.sink = sink;
  }

  /** The change, of the table that had the name then; null when that was dropped since. */
  @Nullable RowChange now(RowChange told) {
    TableName table = sink.tableAt(told.table(), told.origin().timestampMicros());
    if (table == null) {
      LOG.debug("a change of the dropped table {} has come again", told.table());
      return null;
    }
    return table.equals(told.table())
        ? told
        : new RowChange(
            table, told.operation(), told.row(), told.before(), told.origin(), told.extras());
  }

  /** The same for a table change; null also for a drop that has been applied. */
  @Nullable TableChange now(TableChange told) {
    if (told.operation() == TableOperation.RENAME_TABLE) {
      return told;
    }
    boolean drops = told.operation() == TableOperation.DROP_TABLE;
    long micros = told.origin().timestampMicros();
    TableName table = sink.tableAt(told.table(), micros);
    if (drops ? sink.hasDropped(told.table(), micros) : table == null) {
      LOG.info("{} of the dropped table {} has come again", told.operation(), told.table());
      return null;
    }
    if (table == null) {
      // A drop that was not applied, and before one that was: the clock that told them was put
      // back.
      return told;
    }
    if (table.equals(told.table())) {
      return told;
    }
    TableSchema schema = told.schema();
    return new TableChange(
        table,
        told.operation(),
        schema == null ? null : schema.withTable(table),
        null,
        told.renamedColumns(),
        told.origin(),
        told.extras());
  }
}
