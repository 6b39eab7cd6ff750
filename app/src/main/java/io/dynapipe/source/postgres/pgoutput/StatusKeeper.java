package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks to the server while the reader is held back by a slow handler. Without it the server would
 * end the connection after {@code wal_sender_timeout}, and after each slow minute the transaction
 * would be decoded and sent again from its start.
 */
final class StatusKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StatusKeeper.class);

  private final ReplicationConnection connection;
  private final Supplier<Lsn> durable;
  private final Duration interval;
  private final BooleanSupplier cutOff;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** Counts the reader's rounds; written by the reader only. */
  private volatile long rounds;

  StatusKeeper(
      ReplicationConnection connection,
      StreamConfig config,
      Supplier<Lsn> durable,
      BooleanSupplier cutOff) {
    this.connection = connection;
    this.durable = durable;
    this.interval = config.timing().statusInterval();
    this.cutOff = cutOff;
    this.thread = new Thread(this::run, "dynapipe-status-" + config.slot());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** The reader is alive and lets the driver send what is due. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void beat() {
    rounds++;
  }

  private void run() {
    long seen = -1;
    try {
      while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        long now = rounds;
        if (now == seen) {
          if (cutOff.getAsBoolean()) {
            connection.abort();
            return;
          }
          connection.confirm(durable.get());
          connection.sendStatus();
        }
        seen = now;
      }
    } catch (SQLException e) {
      LOG.debug("sending a status while the handler is busy: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
