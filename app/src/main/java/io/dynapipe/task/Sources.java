package io.dynapipe.task;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.source.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Opens sources by their URL. */
public final class Sources {

  private Sources() {}

  /** A source; nothing is connected yet. */
  public static PostgresServer open(PostgresUrl url) {
    return new PostgresServer(url);
  }

  /**
   * How far the source's log reaches: everything committed by now lies before.
   *
   * @throws PipelineException (environment) when the source cannot be asked
   */
  public static Lsn currentPosition(PostgresServer server) {
    try (Connection connection = server.connections().query();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT pg_current_wal_lsn()::text")) {
      result.next();
      return Lsn.parse(result.getString(1));
    } catch (SQLException e) {
      throw PipelineException.environment(
          "the source does not tell its log position: " + e.getMessage(),
          "A standby cannot be asked; name the primary server.",
          e);
    }
  }
}
