package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Passes on to the server what is durable: at intervals under load, soon when idle. */
final class Confirmation {

  private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ReplicationConnection connection;
  private final Supplier<Lsn> durable;
  private Lsn confirmed = Lsn.NONE;
  private long lastSent;

  Confirmation(ReplicationConnection connection, Supplier<Lsn> durable) {
    this.connection = connection;
    this.durable = durable;
  }

  /** For the next status, which the driver sends when it is due or asked for. */
  void note() {
    Lsn now = durable.get();
    if (!now.equals(confirmed)) {
      confirmed = now;
      connection.confirm(now);
    }
  }

  void whenIdle() throws SQLException {
    long now = System.nanoTime();
    if (now - lastSent >= SOON_NANOS && !durable.get().equals(confirmed)) {
      send();
      lastSent = now;
    }
  }

  void send() throws SQLException {
    note();
    connection.sendStatus();
  }
}
