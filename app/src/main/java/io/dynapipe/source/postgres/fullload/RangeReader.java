package io.dynapipe.source.postgres.fullload;

import io.dynapipe.event.Origin;
import io.dynapipe.event.RowChange;
import io.dynapipe.source.LoadHandler;
import io.dynapipe.source.postgres.PostgresConnections;
import io.dynapipe.source.postgres.Snapshots;
import io.dynapipe.source.postgres.SourceTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ranges of one snapshot over one connection. One thread at a time, except {@link #cancel}.
 */
final class RangeReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RangeReader.class);

  /** Rows between two looks at the stop flag. */
  private static final int STOP_MASK = 0xFF;

  private final Connection connection;
  private final String snapshot;
  private final TableReading.Chooser readings;
  private final Clock clock;

  RangeReader(
      PostgresConnections connections,
      String snapshot,
      TableReading.Chooser readings,
      Clock clock) {
    this.connection = connections.query();
    this.snapshot = snapshot;
    this.readings = readings;
    this.clock = clock;
  }

  /**
   * Begins a transaction that sees the snapshot; also after a failure, which has ended the last.
   */
  void begin() throws SQLException {
    Snapshots.begin(connection, snapshot);
  }

  /**
   * Hands all rows of a task over.
   *
   * @return false when it was told to stop before the end
   */
  boolean read(LoadTask task, SourceTable table, LoadHandler handler, BooleanSupplier stop)
      throws SQLException, InterruptedException {
    handler.onRangeBegin(task.range());
    TableReading reading = readings.of(table);
    CopyRowParser parser = new CopyRowParser(table, reading);
    CopyOut copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(task.sql(table, reading));
    long rows = 0;
    long bytes = 0;
    boolean ended = false;
    try {
      for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
        Origin origin = Origin.now(clock);
        handler.onRow(RowChange.load(table.name(), parser.parse(line), origin), table.schema());
        bytes += line.length;
        if ((++rows & STOP_MASK) == 0 && stop.getAsBoolean()) {
          return false;
        }
      }
      ended = true;
    } finally {
      if (!ended && copy.isActive()) {
        copy.cancelCopy();
      }
    }
    if (task.finishesRange()) {
      handler.onRangeEnd(task.range(), rows, bytes);
    }
    return true;
  }

  /** Ends what the server is doing for this reader; another thread calls it. */
  void cancel() {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      LOG.debug("cancelling a reader: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("closing a reader's connection: {}", e.getMessage());
    }
  }
}
