package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Moves messages from a connection to the assembler. One thread at a time. */
final class StreamPump {

  /** Rounds without a message, of a millisecond each, after which it rests in between. */
  private static final int SHORT_IDLE = 50;

  private static final int LONG_IDLE = 1_000;

  /** SQLSTATE connection_failure. */
  private static final String LOST = "08006";

  private final StreamConfig config;
  private final GuardedHandler handler;
  private final ChangeAssembler assembler;
  private final Supplier<MessageDecoder> decoders;
  private final TableWorker tables;
  private final TableWork work;

  StreamPump(
      StreamConfig config,
      GuardedHandler handler,
      ChangeAssembler assembler,
      Supplier<MessageDecoder> decoders,
      TableWorker tables,
      TableWork work) {
    this.config = config;
    this.handler = handler;
    this.assembler = assembler;
    this.decoders = decoders;
    this.tables = tables;
    this.work = work;
  }

  /** Runs until told to stop, or until the connection fails. */
  void run(ReplicationConnection connection, Supplier<Lsn> durable, BooleanSupplier stop)
      throws SQLException, InterruptedException {
    Confirmation confirmation = new Confirmation(connection, durable);
    MessageDecoder decoder = decoders.get();
    try (StatusKeeper keeper = new StatusKeeper(connection, config, durable, work::isCutOff)) {
      keeper.start();
      int idleRounds = 0;
      work.takeCutOff();
      tables.tellAgain();
      while (!stop.getAsBoolean()) {
        if (work.takeCutOff()) {
          throw new SQLException("the server does not stream to this connection any more", LOST);
        }
        keeper.beat();
        ByteBuffer message = connection.read();
        if (message != null) {
          idleRounds = 0;
          assembler.at(connection.lastLsn());
          int offset = message.arrayOffset() + message.position();
          decoder.decode(message.array(), offset, message.remaining());
          confirmation.note();
        } else {
          idle(connection, confirmation, idleRounds++);
        }
        if (!tables.isIdle() && !assembler.isInTransaction()) {
          tables.run(stop);
        }
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while streaming from " + config.slot());
        }
      }
      confirmation.send();
    }
  }

  private void idle(ReplicationConnection connection, Confirmation confirmation, int idleRounds)
      throws SQLException, InterruptedException {
    if (!assembler.isInTransaction()) {
      handler.onPosition(new Lsn(connection.lastLsn()));
    }
    // Each time: what the handler was told last becomes durable only afterwards, and a server that
    // shuts down waits until that is confirmed, without another word that could remind us of it.
    handler.onIdle();
    confirmation.whenIdle();
    // A read waits a millisecond by itself; the longer nothing comes, the longer the rest.
    if (idleRounds > SHORT_IDLE) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(idleRounds > LONG_IDLE ? 8 : 2));
    }
  }
}
