package io.dynapipe.source.postgres;

import io.dynapipe.config.HostPort;
import io.dynapipe.config.PostgresUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** One PostgreSQL server for all tests of this JVM; it ends with the JVM. */
final class TestServer {

  private static final class Holder {
    static final EmbeddedPostgres SERVER = start();
  }

  private TestServer() {}

  static EmbeddedPostgres start() {
    return start(
        Map.of(
            "wal_level", "logical",
            "max_replication_slots", "30",
            "max_wal_senders", "30",
            "max_prepared_transactions", "5",
            "wal_sender_timeout", "3s",
            // The embedded default, off, would let pg_current_wal_lsn() lag behind commits.
            "synchronous_commit", "on",
            "fsync", "off"));
  }

  static EmbeddedPostgres start(Map<String, String> settings) {
    try {
      EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
      settings.forEach(builder::setServerConfig);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int port() {
    return Holder.SERVER.getPort();
  }

  static PostgresUrl url(int port, String database) {
    return new PostgresUrl(
        List.of(new HostPort("127.0.0.1", port)), database, "postgres", null, Map.of());
  }
}
