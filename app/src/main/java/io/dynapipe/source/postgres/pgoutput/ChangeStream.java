package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.source.EventHandler;
import io.dynapipe.source.postgres.PostgresConnections;
import io.dynapipe.source.postgres.PostgresErrors;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SlotState;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams changes from a replication slot to a handler, and confirms to the slot what the handler's
 * side has made durable. Holds at most one message at a time, whatever a transaction's size.
 */
public final class ChangeStream {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);

  /** How long a slot may still be in use by the connection that we, or our last run, just lost. */
  private static final Duration RELEASE_PATIENCE = Duration.ofSeconds(15);

  private static final long STATUS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final PostgresServer server;
  private final PostgresConnections connections;
  private final StreamConfig config;
  private final Clock clock;

  public ChangeStream(PostgresServer server, StreamConfig config) {
    this.server = server;
    this.connections = server.connections();
    this.config = config;
    this.clock = Clock.systemUTC();
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
    requireContinuity(server.slots().requireUsable(config.slot(), RELEASE_PATIENCE));
    GuardedHandler guarded = new GuardedHandler(handler, config.start());
    SchemaTracker schemas =
        new SchemaTracker(
            config.known(), new LiveCatalog(connections, server.info().versionNumber()));
    ChangeAssembler assembler =
        new ChangeAssembler(
            guarded,
            config.selection(),
            config.beforeImage(),
            schemas,
            new TransactionState(clock));
    Patience patience = new Patience();
    while (!stop.getAsBoolean()) {
      try {
        stream(guarded, assembler, durable, stop, patience);
      } catch (SQLException e) {
        patience.afterFailure(PostgresErrors.during("stream from " + describe(), e));
      } catch (PipelineException e) {
        if (guarded.hasFailed() || !PostgresErrors.isAway(e)) {
          throw e;
        }
        patience.afterFailure(e);
      }
      assembler.restart();
    }
  }

  private String describe() {
    return "the replication slot " + config.slot() + " of " + connections.url();
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

  private void stream(
      GuardedHandler handler,
      ChangeAssembler assembler,
      Supplier<Lsn> durable,
      BooleanSupplier stop,
      Patience patience)
      throws SQLException, InterruptedException {
    try (ReplicationConnection connection =
            ReplicationConnection.open(connections, config, handler.position());
        StatusKeeper keeper =
            new StatusKeeper(connection, config.slot(), durable, config.statusInterval())) {
      LOG.info("streaming from {} from {}", describe(), handler.position());
      patience.reset();
      Confirmation confirmation = new Confirmation(connection, durable);
      PgOutputDecoder decoder = new PgOutputDecoder(assembler);
      int idleRounds = 0;
      while (!stop.getAsBoolean()) {
        keeper.beat();
        ByteBuffer message = connection.read();
        if (message != null) {
          idleRounds = 0;
          assembler.at(connection.lastLsn());
          int offset = message.arrayOffset() + message.position();
          decoder.decode(message.array(), offset, message.remaining());
          confirmation.note();
        } else {
          if (!assembler.isInTransaction()) {
            handler.onPosition(new Lsn(connection.lastLsn()));
          }
          if (idleRounds == 0) {
            handler.onIdle();
          }
          confirmation.whenIdle();
          rest(++idleRounds);
        }
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while streaming from " + describe());
        }
      }
      confirmation.last();
    }
  }

  /** A read waits a millisecond by itself; the longer nothing comes, the longer the rest. */
  private static void rest(int idleRounds) {
    if (idleRounds > 50) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(idleRounds > 1_000 ? 8 : 2));
    }
  }

  /** Passes on to the server what is durable: at intervals under load, soon when idle. */
  private static final class Confirmation {

    private final ReplicationConnection connection;
    private final Supplier<Lsn> durable;
    private Lsn confirmed = Lsn.NONE;
    private long lastSent;

    Confirmation(ReplicationConnection connection, Supplier<Lsn> durable) {
      this.connection = connection;
      this.durable = durable;
    }

    /** For the next status that the driver sends. */
    boolean note() {
      Lsn now = durable.get();
      if (now.equals(confirmed)) {
        return false;
      }
      confirmed = now;
      connection.confirm(now);
      return true;
    }

    void whenIdle() throws SQLException {
      long now = System.nanoTime();
      if (now - lastSent >= STATUS_NANOS && note()) {
        connection.sendStatus();
        lastSent = now;
      }
    }

    void last() throws SQLException {
      note();
      connection.sendStatus();
    }
  }

  /** How long to go on trying. */
  private final class Patience {

    private int attempts;
    private long awaySinceNanos;

    void reset() {
      attempts = 0;
    }

    void afterFailure(PipelineException failure) throws InterruptedException {
      boolean slotBusy = isSlotBusy(failure);
      if (!failure.isRetryable() && !slotBusy && !PostgresErrors.isAway(failure)) {
        throw failure;
      }
      attempts++;
      awaySinceNanos = attempts == 1 ? System.nanoTime() : awaySinceNanos;
      Duration limit = slotBusy ? RELEASE_PATIENCE : config.giveUpAfter();
      if (System.nanoTime() - awaySinceNanos > limit.toNanos()) {
        throw failure;
      }
      Duration wait = config.reconnect().delay(attempts, ThreadLocalRandom.current());
      LOG.warn("{}; trying again in {} ms", failure.getMessage(), wait.toMillis());
      TimeUnit.MILLISECONDS.sleep(wait.toMillis());
    }

    private boolean isSlotBusy(PipelineException failure) {
      @Nullable Throwable cause = failure.getCause();
      return cause instanceof SQLException e && "55006".equals(e.getSQLState());
    }
  }
}
