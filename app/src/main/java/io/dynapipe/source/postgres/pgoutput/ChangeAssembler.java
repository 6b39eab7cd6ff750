package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.source.EventHandler;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.VisibleTransactions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes change events from decoded messages and hands them over. One thread at a time. */
final class ChangeAssembler implements PgOutputListener {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeAssembler.class);

  private final EventHandler handler;
  private final BeforeImage beforeImage;
  private final SchemaTracker schemas;
  private final TableNames names;
  private final TransactionState transaction;

  /** What was loaded from a later snapshot than the slot's. */
  private final Map<Long, VisibleTransactions> loaded;

  /**
   * Its pending tables are loaded from a snapshot still to come, which shows all that comes now.
   */
  private final TableWork work;

  private final boolean reloadsRewritten;

  /**
   * Described, but not used yet. A relation counts only when a row of it comes: through its root, a
   * partition is described and never used.
   */
  private final Map<Long, Relation> described = new HashMap<>();

  /** In use; null for a relation that is left out. */
  private final Map<Long, @Nullable TableShape> shapes = new HashMap<>();

  /** Of the names that had been told when these were made. */
  private int namesVersion;

  private long messageLsn;

  ChangeAssembler(
      EventHandler handler,
      StreamConfig config,
      SchemaTracker schemas,
      TableNames names,
      TransactionState transaction,
      TableWork work) {
    this.handler = handler;
    this.beforeImage = config.beforeImage();
    this.loaded = new HashMap<>(config.loaded());
    this.schemas = schemas;
    this.names = names;
    this.transaction = transaction;
    this.work = work;
    this.reloadsRewritten = config.reloadsRewritten();
  }

  /** A table was loaded: what the snapshot showed is left out of the stream. */
  void loaded(long oid, VisibleTransactions transactions) {
    loaded.put(oid, transactions);
  }

  /** Where the next message stands in the log; a Relation message comes without a place. */
  void at(long lsn) {
    if (lsn != 0) {
      messageLsn = lsn;
    }
  }

  /** A new connection: the server tells every relation again before it uses it. */
  void restart() {
    described.clear();
    shapes.clear();
    transaction.abandon();
  }

  /** Whether positions between messages are inside a transaction. */
  boolean isInTransaction() {
    return transaction.isOpen();
  }

  @Override
  public void begin(long commitLsn, long commitMicros, long xid) {
    transaction.begin(commitLsn, commitMicros, xid);
  }

  @Override
  public void commit(long endLsn) throws InterruptedException {
    transaction.commit();
    handler.onPosition(new Lsn(endLsn));
  }

  @Override
  public void relation(Relation relation) {
    described.put(relation.oid(), relation);
    shapes.remove(relation.oid());
  }

  @Override
  public void insert(long relation, Tuple tuple) throws InterruptedException {
    TableShape shape = shape(relation, tuple);
    if (shape != null) {
      Row row = shape.row(tuple, null, false);
      hand(shape, RowChange.insert(shape.name(), row, transaction.nextRecord(messageLsn)));
    }
  }

  @Override
  public void update(long relation, @Nullable Tuple old, boolean oldIsWhole, Tuple tuple)
      throws InterruptedException {
    TableShape shape = shape(relation, tuple);
    if (shape != null) {
      Row before = old == null ? null : shape.before(old, oldIsWhole, tuple, beforeImage);
      Row row = shape.row(tuple, old, oldIsWhole);
      Origin origin = transaction.nextRecord(messageLsn);
      hand(shape, RowChange.update(shape.name(), row, before, origin));
    }
  }

  @Override
  public void delete(long relation, Tuple old, boolean oldIsWhole) throws InterruptedException {
    TableShape shape = shape(relation, old);
    if (shape != null) {
      Row row = shape.oldRow(old, oldIsWhole);
      hand(shape, RowChange.delete(shape.name(), row, transaction.nextRecord(messageLsn)));
    }
  }

  @Override
  public void truncate(long[] relations) throws InterruptedException {
    for (long relation : relations) {
      TableShape shape = shape(relation);
      if (shape != null) {
        Origin origin = transaction.tableChange(messageLsn);
        handler.onEvent(TableChange.truncate(shape.name(), origin), shape.schema());
      }
    }
  }

  private void hand(TableShape shape, RowChange change) throws InterruptedException {
    handler.onEvent(change, shape.schema());
  }

  private @Nullable TableShape shape(long relation, Tuple tuple) throws InterruptedException {
    TableShape shape = shape(relation);
    if (shape != null && shape.size() != tuple.size()) {
      throw inconsistent(
          "a row of "
              + shape.name()
              + " has "
              + tuple.size()
              + " columns instead of "
              + shape.size());
    }
    return shape;
  }

  /** Null when this change is not to be captured. */
  private @Nullable TableShape shape(long oid) throws InterruptedException {
    if (work.isPending(oid)) {
      return null;
    }
    if (namesVersion != schemas.namesVersion()) {
      forgetShapes();
    }
    TableShape shape = shapes.get(oid);
    if (shape == null && !shapes.containsKey(oid)) {
      Relation relation = described.get(oid);
      if (relation == null) {
        throw inconsistent("a row came for relation " + oid + ", which was not described");
      }
      shape = use(relation);
      if (namesVersion != schemas.namesVersion()) {
        forgetShapes();
      }
      shapes.put(oid, shape);
    }
    return shape == null || wasLoaded(oid) ? null : shape;
  }

  /** Another table may have taken the name of one of them. */
  private void forgetShapes() {
    shapes.clear();
    namesVersion = schemas.namesVersion();
  }

  /** Whether the table was loaded from a snapshot that shows this transaction. */
  private boolean wasLoaded(long oid) {
    VisibleTransactions shown = loaded.isEmpty() ? null : loaded.get(oid);
    return shown != null && transaction.isShownBy(shown);
  }

  /** Null when rows of this relation are to be left out. */
  private @Nullable TableShape use(Relation described) throws InterruptedException {
    Lsn position = transaction.commitLsn();
    TableNames.Moment moment = new TableNames.Moment(transaction.tableChange(messageLsn), position);
    Relation relation = names.claim(described, moment);
    if (relation == null) {
      return null;
    }
    // The time is taken now: what was just told of others with its name came before.
    Origin origin = transaction.tableChange(messageLsn);
    SchemaTracker.Resolved resolved = schemas.resolve(relation, origin, position);
    for (TableChange change : resolved.changes()) {
      handler.onEvent(change, resolved.table().schema());
    }
    if (resolved.rewritten()) {
      rewritten(resolved.table());
    }
    return resolved.shape();
  }

  /** The log does not tell the values that rows got by a change of the definition. */
  private void rewritten(SourceTable table) {
    if (reloadsRewritten) {
      LOG.warn(
          "{}: a change of its definition may have given rows that exist new values, which"
              + " PostgreSQL does not replicate: the table is loaded again",
          table.name());
      handler.onTableRewritten(table.name());
      work.reload(table.oid());
    } else {
      LOG.warn(
          "{}: a change of its definition may have given rows that exist new values, which"
              + " PostgreSQL does not replicate; reload the table to have them in the target",
          table.name());
    }
  }

  private PipelineException inconsistent(String what) {
    return PipelineException.permanent(
        what + " (at " + new Lsn(messageLsn) + ")",
        "Report it with the server's version; the slot keeps its position.",
        null);
  }
}
