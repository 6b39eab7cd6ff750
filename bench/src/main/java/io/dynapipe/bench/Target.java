package io.dynapipe.bench;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The benchmark's table in a target, written with as little of a program as can be. */
interface Target extends AutoCloseable {

  /** A request that is rendered and has only to be sent. */
  @FunctionalInterface
  interface Request {
    void send() throws Exception;
  }

  /** Inserts rows or replaces them. */
  Request upserts(List<EventLine> rows) throws Exception;

  /** Deletes rows by their key. */
  Request deletes(List<EventLine> rows) throws Exception;

  /** Rows in the table, all that were written before included. */
  long count() throws Exception;

  /** Connections that our sink uses for this kind of target. */
  int connections();

  static Target open(String url) throws Exception {
    SinkUrl sink = SinkUrl.parse(url, Map.of());
    return sink instanceof CrateUrl crate
        ? new CrateTarget(crate)
        : new PostgresTarget((PostgresUrl) sink);
  }

  @Override
  void close() throws IOException, SQLException;
}
