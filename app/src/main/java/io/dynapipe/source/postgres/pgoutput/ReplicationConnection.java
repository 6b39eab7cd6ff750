package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Lsn;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.PostgresSettings.Plugin;
import io.dynapipe.source.postgres.Sql;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running START_REPLICATION. One thread reads; {@link #sendStatus} may also be called by another
 * thread while the reader is not reading.
 */
final class ReplicationConnection implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicationConnection.class);

  private final Connection connection;
  private final PGReplicationStream stream;

  private ReplicationConnection(Connection connection, PGReplicationStream stream) {
    this.connection = connection;
    this.stream = stream;
  }

  static ReplicationConnection open(PostgresServer server, StreamConfig config, Lsn start)
      throws SQLException {
    Connection connection = server.connections().replication();
    try {
      ChainedLogicalStreamBuilder builder =
          connection
              .unwrap(PGConnection.class)
              .getReplicationAPI()
              .replicationStream()
              .logical()
              .withSlotName(Sql.identifier(config.slot()))
              .withStartPosition(LogSequenceNumber.valueOf(start.value()))
              .withStatusInterval(
                  (int) config.timing().statusInterval().toMillis(), TimeUnit.MILLISECONDS)
              .withAutomaticFlush(false);
      options(server.plugin(), config).forEach(builder::withSlotOption);
      return new ReplicationConnection(connection, builder.start());
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static Map<String, String> options(Plugin plugin, StreamConfig config) {
    return switch (plugin) {
      case PGOUTPUT -> Map.of("proto_version", "1", "publication_names", publicationNames(config));
      case PGLOGICAL ->
          Map.of(
              "startup_params_format", "1",
              "min_proto_version", "1",
              "max_proto_version", "1",
              "expected_encoding", "UTF8",
              "pglogical.forward_origins", "all",
              "pglogical.replication_set_names", publicationNames(config));
    };
  }

  /** A list of quoted identifiers, inside a literal whose quotes the driver writes. */
  private static String publicationNames(StreamConfig config) {
    return String.join(",", config.publications().stream().map(Sql::identifier).toList())
        .replace("'", "''");
  }

  /** The next message, or null when none is there; waits a millisecond at most. */
  @Nullable ByteBuffer read() throws SQLException {
    return stream.readPending();
  }

  /** After a message: its place in the log. Otherwise: how far the server has read the log. */
  long lastLsn() {
    return stream.getLastReceiveLSN().asLong();
  }

  /** What the next status tells the server that it need not keep. */
  void confirm(Lsn durable) {
    LogSequenceNumber lsn = LogSequenceNumber.valueOf(durable.value());
    stream.setFlushedLSN(lsn);
    stream.setAppliedLSN(lsn);
  }

  /** Tells the server at once. */
  void sendStatus() throws SQLException {
    stream.forceUpdateStatus();
  }

  /** Ends the session at once; any thread may call it. */
  void abort() throws SQLException {
    connection.abort(Runnable::run);
  }

  /**
   * Ends the session without reading what the server still sends: in the middle of a large
   * transaction that would be all of it.
   */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("closing the replication connection: {}", e.getMessage());
    }
  }
}
