package io.dynapipe.sink.postgres;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Retry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;

/**
 * Connections to one database, and transactions that are run again while trouble passes.
 * Thread-safe; as many connections as threads use it at once.
 */
final class Database implements AutoCloseable {

  /** What happens inside a transaction; it may run several times. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** The same without an answer. */
  @FunctionalInterface
  interface Change {
    void run(Connection connection) throws SQLException;
  }

  private final PostgresUrl url;
  private final Retry retry;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  Database(PostgresUrl url, Retry retry) {
    this.url = url;
    this.retry = retry;
  }

  /**
   * Runs the work in a transaction and commits it.
   *
   * @param doing for messages: "writing public.foo"
   * @throws PipelineException classified by {@link SqlErrors}; as the work threw it
   */
  <T> T inTransaction(String doing, Work<T> work) {
    return retry.call(() -> once(doing, work));
  }

  /** The same without an answer. */
  void change(String doing, Change change) {
    inTransaction(
        doing,
        connection -> {
          change.run(connection);
          return true;
        });
  }

  private <T> T once(String doing, Work<T> work) {
    Connection connection = take();
    boolean usable = false;
    try {
      T result = work.run(connection);
      connection.commit();
      usable = true;
      return result;
    } catch (SQLException e) {
      usable = rollback(connection, e);
      throw SqlErrors.translate(e, doing);
    } catch (RuntimeException e) {
      usable = rollback(connection, e);
      throw e;
    } finally {
      giveBack(connection, usable);
    }
  }

  private Connection take() {
    synchronized (idle) {
      if (closed) {
        throw new IllegalStateException("the sink is closed");
      }
      Connection connection = idle.pollLast();
      if (connection != null) {
        return connection;
      }
    }
    try {
      Connection connection = DriverManager.getConnection(url.jdbcUrl(), properties());
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      throw SqlErrors.translate(e, "connecting to " + url);
    }
  }

  private Properties properties() {
    Properties properties = url.jdbcProperties();
    properties.putIfAbsent("ApplicationName", "dynapipe");
    properties.putIfAbsent("connectTimeout", "10");
    // A server that vanished without a word must not hold a stream for ever.
    properties.putIfAbsent("socketTimeout", "600");
    properties.putIfAbsent("tcpKeepAlive", "true");
    // TextArray relies on these two.
    properties.setProperty("binaryTransfer", "true");
    properties.setProperty("preferQueryMode", "extended");
    // Values must mean the same whatever the server's, the database's or the role's settings are.
    String options = properties.getProperty("options", "");
    properties.setProperty(
        "options",
        (options
                + " -c TimeZone=UTC -c DateStyle=ISO,YMD -c IntervalStyle=postgres"
                + " -c extra_float_digits=1 -c standard_conforming_strings=on")
            .trim());
    return properties;
  }

  private static boolean rollback(Connection connection, Exception failure) {
    try {
      connection.rollback();
      return !connection.isClosed();
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private void giveBack(Connection connection, boolean usable) {
    synchronized (idle) {
      if (usable && !closed) {
        idle.addLast(connection);
        return;
      }
      // What broke one connection, a restart of the server for example, broke those at rest too.
      idle.forEach(Database::closeQuietly);
      idle.clear();
    }
    closeQuietly(connection);
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is of no use any more either way.
    }
  }

  /** Closes idle connections at once and the others when their work ends. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(Database::closeQuietly);
      idle.clear();
    }
  }
}
