package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.StreamPosition;
import io.dynapipe.event.Transaction;
import io.dynapipe.source.postgres.VisibleTransactions;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the captured transactions and the records in them. A transaction in which nothing is
 * captured leaves no trace, as with AWS DMS. One thread at a time.
 */
final class TransactionState {

  /** The middle of a stream position; AWS DMS shows 2 or 3, without telling its meaning. */
  private static final int MARKER = 3;

  private final EventClock clock;

  private boolean open;
  private long xid;
  private long commitMicros;
  private Lsn commitLsn = Lsn.NONE;
  private long records;
  private @Nullable Transaction transaction;
  private @Nullable Long previousId;
  private @Nullable Long previousRecords;

  TransactionState(EventClock clock) {
    this.clock = clock;
  }

  void begin(long newCommitLsn, long newCommitMicros, long newXid) {
    open = true;
    xid = newXid;
    commitMicros = newCommitMicros;
    commitLsn = new Lsn(newCommitLsn);
    records = 0;
    transaction = null;
  }

  void commit() {
    open = false;
    if (records > 0) {
      previousId = xid;
      previousRecords = records;
    }
  }

  /** The connection was lost: the transaction will come again from its start. */
  void abandon() {
    open = false;
    records = 0;
  }

  boolean isOpen() {
    return open;
  }

  /** Where this transaction committed. */
  Lsn commitLsn() {
    return commitLsn;
  }

  /** Whether a snapshot shows this transaction. */
  boolean isShownBy(VisibleTransactions snapshot) {
    return snapshot.show(xid, commitLsn);
  }

  /** The origin of the next row change. */
  Origin nextRecord(long changeLsn) {
    if (transaction == null) {
      transaction = new Transaction(xid, commitMicros, previousId, previousRecords);
    }
    return new Origin(clock.micros(), transaction, ++records, position(changeLsn));
  }

  /** The origin of a table change, which is not numbered. */
  Origin tableChange(long changeLsn) {
    return new Origin(clock.micros(), null, 0, position(changeLsn));
  }

  private StreamPosition position(long changeLsn) {
    return new StreamPosition(new Lsn(changeLsn), MARKER, commitLsn);
  }
}
