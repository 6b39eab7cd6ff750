package io.dynapipe.processor;

import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Sink;

/** Gives events the names that their tables have by now. */
final class NamesNow {

  private final Sink sink;

  NamesNow(Sink sink) {
    this.sink = sink;
  }

  /** The change, of the table that had the name then. */
  RowChange now(RowChange told) {
    TableName table = sink.tableAt(told.table(), told.origin().timestampMicros());
    return table.equals(told.table())
        ? told
        : new RowChange(
            table, told.operation(), told.row(), told.before(), told.origin(), told.extras());
  }

  TableChange now(TableChange told) {
    TableName table = sink.tableAt(told.table(), told.origin().timestampMicros());
    if (told.operation() == TableOperation.RENAME_TABLE || table.equals(told.table())) {
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
