package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.source.EventHandler;
import io.dynapipe.source.postgres.PostgresErrors;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SlotState;
import java.sql.SQLException;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams changes from a replication slot to a handler, and confirms to the slot what the handler's
 * side has made durable. Holds at most one message at a time, whatever a transaction's size. Run it
 * once; {@link #reload} may be called by any thread meanwhile.
 */
public final class ChangeStream {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);

  private final PostgresServer server;
  private final StreamConfig config;
  private final Clock clock = Clock.systemUTC();
  private final TableWork work = new TableWork();
  private volatile @Nullable SchemaTracker schemas;

  public ChangeStream(PostgresServer server, StreamConfig config) {
    this.server = server;
    this.config = config;
  }

  /**
   * Streams until told to stop; connects again by itself when the source is away for a while.
   *
   * @param durable all events of transactions up to this position are durable, so that the source
   *     may forget them; read often, must be fast. {@link Lsn#NONE} as long as nothing is
   * @param stop asked between messages
   * @throws PipelineException retryable: the source stayed away; environment: slot, publication or
   *     privilege is missing; permanent: the stream cannot be understood; or as the handler threw
   *     it
   */
  public void run(EventHandler handler, Supplier<Lsn> durable, BooleanSupplier stop)
      throws InterruptedException {
    Patience patience = new Patience(config.timing());
    SlotState slot =
        patience.call(() -> server.slots().requireUsable(config.slot(), Patience.RELEASE));
    requireContinuity(slot);
    Lsn start = config.start().isNone() ? slot.confirmedFlush() : config.start();
    int version = patience.call(() -> server.info().versionNumber());
    TableLookup lookup = new LiveCatalog(server.connections(), version);
    SchemaTracker tracker =
        new SchemaTracker(config.known(), config.history(), start, lookup, clock);
    schemas = tracker;
    config.unloaded().forEach(table -> work.retry(table.oid()));
    GuardedHandler guarded = new GuardedHandler(handler, start);
    TableNames names = new TableNames(tracker, lookup, config.selection(), guarded, work);
    ChangeAssembler assembler =
        new ChangeAssembler(
            guarded, config, tracker, names, new TransactionState(tracker.clock()), work);
    TableWorker tables =
        new TableWorker(server, config, lookup, tracker, names, assembler, guarded, work);
    StreamPump pump =
        new StreamPump(config, guarded, assembler, () -> decoder(assembler, lookup), tables, work);
    TableWatch watch = new TableWatch(server, config, tracker::toldNames, work);
    try (WatchThread thread =
        new WatchThread(watch, config.slot(), config.timing().catalogInterval())) {
      patience.call(
          () -> {
            thread.start();
            return thread;
          });
      runWithPatience(pump, guarded, assembler, durable, stop);
    }
  }

  /**
   * Loads a table again, between two transactions: the target is told to empty it, then all rows
   * come as they are at that moment; meanwhile other changes wait.
   *
   * @throws PipelineException (input) when the stream does not know such a table
   */
  public void reload(TableName table) {
    SchemaTracker tracker = schemas;
    Long oid = tracker == null ? null : tracker.oid(table);
    if (oid == null) {
      throw PipelineException.input(
          "the table " + table + " is not streamed, so it cannot be reloaded",
          "Name a table of this task, and reload it while the task runs.");
    }
    work.reload(oid);
  }

  private void runWithPatience(
      StreamPump pump,
      GuardedHandler handler,
      ChangeAssembler assembler,
      Supplier<Lsn> durable,
      BooleanSupplier stop)
      throws InterruptedException {
    Patience patience = new Patience(config.timing());
    while (!stop.getAsBoolean()) {
      try (ReplicationConnection connection =
          ReplicationConnection.open(server, config, handler.position())) {
        LOG.info("streaming from {} from {}", describe(), handler.position());
        patience.reset();
        pump.run(connection, durable, stop);
      } catch (SQLException e) {
        patience.afterFailure(PostgresErrors.during("stream from " + describe(), e));
      } catch (PipelineException e) {
        if (handler.hasFailed()) {
          throw e;
        }
        patience.afterFailure(e);
      }
      assembler.restart();
    }
  }

  private String describe() {
    return "the replication slot " + config.slot() + " of " + server.connections().url();
  }

  private MessageDecoder decoder(PgOutputListener listener, TableLookup lookup) {
    return switch (server.plugin()) {
      case PGOUTPUT -> new PgOutputDecoder(listener);
      case PGLOGICAL -> new PgLogicalDecoder(listener, lookup);
    };
  }

  /** What was confirmed beyond our own position by somebody else is lost to us: say so. */
  private void requireContinuity(SlotState state) {
    if (!config.start().isNone() && config.start().compareTo(state.confirmedFlush()) < 0) {
      throw PipelineException.environment(
          "the replication slot "
              + config.slot()
              + " stands at "
              + state.confirmedFlush()
              + ", but only changes up to "
              + config.start()
              + " have been taken: what lies between is lost",
          "The slot was made anew or used by somebody else; load again (reload-target).",
          null);
    }
  }
}
