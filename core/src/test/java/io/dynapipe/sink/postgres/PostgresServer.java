package io.dynapipe.sink.postgres;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** One PostgreSQL server for all tests of a JVM; it stops with it. */
final class PostgresServer {

  private PostgresServer() {}

  /** The server's database as a sink's URL. */
  static PostgresUrl url() {
    return url(Holder.SERVER.getPort());
  }

  static PostgresUrl url(int port) {
    return (PostgresUrl)
        SinkUrl.parse("postgresql://postgres:postgres@localhost:" + port + "/postgres", Map.of());
  }

  private static final class Holder {

    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot start PostgreSQL", e);
      }
    }
  }
}
