package io.dynapipe.processor;

import io.dynapipe.event.RowOperation;

/** Events of one table that became durable in the target, by operation; and those that did not. */
public record TableCounts(
    long loads, long inserts, long updates, long deletes, long tableChanges, long quarantined) {

  public static final TableCounts NONE = new TableCounts(0, 0, 0, 0, 0, 0);
  public static final TableCounts ONE_TABLE_CHANGE = new TableCounts(0, 0, 0, 0, 1, 0);
  static final TableCounts ONE_QUARANTINED = new TableCounts(0, 0, 0, 0, 0, 1);

  /** So many events of one operation. */
  public static TableCounts of(RowOperation operation, long number) {
    return switch (operation) {
      case LOAD -> new TableCounts(number, 0, 0, 0, 0, 0);
      case INSERT -> new TableCounts(0, number, 0, 0, 0, 0);
      case UPDATE -> new TableCounts(0, 0, number, 0, 0, 0);
      case DELETE -> new TableCounts(0, 0, 0, number, 0, 0);
    };
  }

  public TableCounts plus(TableCounts more) {
    return new TableCounts(
        loads + more.loads,
        inserts + more.inserts,
        updates + more.updates,
        deletes + more.deletes,
        tableChanges + more.tableChanges,
        quarantined + more.quarantined);
  }

  /** Rows applied, of all operations. */
  public long rows() {
    return loads + inserts + updates + deletes;
  }
}
