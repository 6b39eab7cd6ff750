package io.dynapipe.demo;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server from the class path, on loopback and a free port, with logical replication
 * on. Its data is gone when it is closed.
 */
public final class EmbeddedServer implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;

  private EmbeddedServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * Starts a server with these databases.
   *
   * @throws PipelineException (environment) when it does not start
   */
  public static EmbeddedServer start(String... databases) {
    return start(null, databases);
  }

  /**
   * The same with a file for the server's log.
   *
   * @param log null for none
   */
  public static EmbeddedServer start(@Nullable Path log, String... databases) {
    ProcessBuilder.Redirect output =
        log == null ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.appendTo(log.toFile());
    EmbeddedServer started;
    try {
      started =
          new EmbeddedServer(
              EmbeddedPostgres.builder()
                  .setServerConfig("wal_level", "logical")
                  .setServerConfig("listen_addresses", "127.0.0.1")
                  // As a server is by default. The builder's "off" leaves each commit to the WAL
                  // writer, and a stream tells only what has been written: up to 0.6 s later.
                  .setServerConfig("synchronous_commit", "on")
                  .setServerConfig("timezone", "UTC")
                  .setPGStartupWait(START_LIMIT)
                  .setOutputRedirector(output)
                  .setErrorRedirector(output)
                  .start());
    } catch (IOException | RuntimeException e) {
      throw PipelineException.environment(
          "the embedded PostgreSQL does not start: " + e.getMessage(),
          "It needs Linux or macOS on x86-64 or ARM64 and a writable temporary directory with 200"
              + " MB free; or name servers of your own: dynapipe run --source ... --sink ...",
          e);
    }
    for (String database : databases) {
      started.execute("postgres", "CREATE DATABASE " + database);
    }
    return started;
  }

  public int port() {
    return server.getPort();
  }

  /** The URL of one of its databases. */
  public String url(String database) {
    return "postgresql://postgres@127.0.0.1:" + port() + "/" + database;
  }

  /** How a person reaches one of its databases. */
  public String psql(String database) {
    return "psql -h 127.0.0.1 -p " + port() + " -U postgres " + database;
  }

  /**
   * Runs SQL, several statements if need be, each committed by itself.
   *
   * @throws PipelineException (permanent) with the server's words
   */
  public void execute(String database, String... statements) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** How far the log reaches: everything committed by now lies before. */
  public Lsn currentPosition() {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT pg_current_wal_lsn()::text")) {
      result.next();
      return Lsn.parse(result.getString(1));
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port() + "/" + database, "postgres", "");
  }

  private static PipelineException refused(SQLException e) {
    return PipelineException.permanent(
        "the embedded PostgreSQL refused a statement: " + e.getMessage(), null, e);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw PipelineException.environment(
          "the embedded PostgreSQL does not stop: " + e.getMessage(),
          "End the process that listens on port " + port() + ".",
          e);
    }
  }
}
