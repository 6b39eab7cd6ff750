package io.dynapipe.sink;

import io.dynapipe.event.Row;
import io.dynapipe.event.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * The final state of one row in a batch.
 *
 * @param key null for APPEND and REMOVE_ONE
 * @param previousKey MOVE only
 * @param row PUT, MERGE, MOVE, APPEND: the row; DELETE: what the event told of it; REMOVE_ONE: the
 *     whole old row
 * @param eventId APPEND and REMOVE_ONE: the same for the same event on every replay, so that a sink
 *     can tell a replay from a second, equal row; empty otherwise
 */
public record RowWrite(
    WriteKind kind, @Nullable RowKey key, @Nullable RowKey previousKey, Row row, String eventId) {

  public static RowWrite put(RowKey key, Row row) {
    return new RowWrite(WriteKind.PUT, key, null, row, "");
  }

  public static RowWrite merge(RowKey key, Row row) {
    return new RowWrite(WriteKind.MERGE, key, null, row, "");
  }

  public static RowWrite delete(RowKey key, Row row) {
    return new RowWrite(WriteKind.DELETE, key, null, row, "");
  }

  public static RowWrite move(RowKey previousKey, RowKey key, Row row) {
    return new RowWrite(WriteKind.MOVE, key, previousKey, row, "");
  }

  public static RowWrite append(Row row, String eventId) {
    return new RowWrite(WriteKind.APPEND, null, null, row, eventId);
  }

  public static RowWrite removeOne(Row row, String eventId) {
    return new RowWrite(WriteKind.REMOVE_ONE, null, null, row, eventId);
  }
}
