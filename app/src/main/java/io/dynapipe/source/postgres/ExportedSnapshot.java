package io.dynapipe.source.postgres;

import io.dynapipe.event.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot that other connections can read from, as long as this one stays open.
 *
 * <p>Made by a slot, it shows exactly the transactions that committed before the slot's consistent
 * point, so that load and stream meet without gap and without overlap.
 */
public final class ExportedSnapshot implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExportedSnapshot.class);

  private final Connection holder;
  private final String name;
  private final Lsn position;
  private final VisibleTransactions transactions;

  ExportedSnapshot(Connection holder, String name, Lsn position, VisibleTransactions transactions) {
    this.holder = holder;
    this.name = name;
    this.position = position;
    this.transactions = transactions;
  }

  /** What {@code SET TRANSACTION SNAPSHOT} takes. */
  public String name() {
    return name;
  }

  /**
   * From a slot: its consistent point, from which streaming begins. Otherwise the log position when
   * the snapshot was taken.
   */
  public Lsn position() {
    return position;
  }

  /** Which transactions it shows. */
  public VisibleTransactions transactions() {
    return transactions;
  }

  /** Ends the snapshot; transactions that have imported it keep it. */
  @Override
  public void close() {
    try {
      holder.close();
    } catch (SQLException e) {
      LOG.debug("closing the snapshot's connection: {}", e.getMessage());
    }
  }
}
