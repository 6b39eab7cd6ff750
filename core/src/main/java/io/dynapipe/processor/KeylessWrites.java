package io.dynapipe.processor;

import io.dynapipe.event.Row;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.Transaction;
import io.dynapipe.event.ValueKind;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.stream.StoredRecord;
import java.util.List;

/**
 * Writes for rows that no key addresses. Each carries an id that is the same on every replay: the
 * event's place in the source's history where the record tells it (so that a record which the
 * source sent twice counts once), else its place in the stream.
 */
final class KeylessWrites {

  private KeylessWrites() {}

  /** The writes of a change; empty when the change does not tell which row it is about. */
  static List<RowWrite> of(RowChange change, StoredRecord stored) {
    String id = eventId(change, stored);
    Row before = change.before();
    return switch (change.operation()) {
      case LOAD, INSERT -> List.of(RowWrite.append(change.row(), id));
      case UPDATE ->
          before == null || !isWhole(before)
              ? List.of()
              : List.of(
                  RowWrite.removeOne(before, id + "/old"),
                  RowWrite.append(RowMerge.over(before, change.row()), id));
      case DELETE ->
          isWhole(change.row()) ? List.of(RowWrite.removeOne(change.row(), id)) : List.of();
    };
  }

  /** An old row is told whole under REPLICA IDENTITY FULL; else it holds nothing at all. */
  private static boolean isWhole(Row row) {
    boolean told = false;
    for (int i = 0; i < row.size(); i++) {
      ValueKind kind = row.kind(i);
      if (!RowMerge.isTold(kind)) {
        return false;
      }
      told |= kind.hasValue();
    }
    return told;
  }

  private static String eventId(RowChange change, StoredRecord stored) {
    Transaction transaction = change.origin().transaction();
    if (transaction == null || change.origin().recordInTransaction() == 0) {
      return stored.shard() + ":" + stored.sequenceNumber();
    }
    // The commit time sets transactions apart whose ids are equal after a wrap-around.
    return transaction.id()
        + "."
        + change.origin().recordInTransaction()
        + "."
        + transaction.commitMicros();
  }
}
