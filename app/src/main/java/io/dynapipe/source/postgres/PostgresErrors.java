package io.dynapipe.source.postgres;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the driver and the server say into a failure with kind, cause and cure, by SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error
 *     codes</a>
 */
public final class PostgresErrors {

  private static final String MORE_SLOTS =
      "Raise max_replication_slots and max_wal_senders and restart the server, or drop a slot that"
          + " nobody needs (SELECT * FROM pg_replication_slots).";

  private PostgresErrors() {}

  /**
   * A failure while a connection was being made: trying again at once is of no use, unless the
   * server says that it is starting.
   */
  static PipelineException connecting(PostgresUrl url, SQLException e) {
    String what = "cannot connect to " + url + ": " + reason(e);
    if (find(e, UnknownHostException.class) != null) {
      return environment(
          "cannot connect to " + url + ": the host name is unknown",
          "Correct the host name in the source URL.",
          e);
    }
    if (find(e, SSLException.class) != null) {
      return environment(what, "Correct sslmode and sslrootcert, or the server's certificate.", e);
    }
    return switch (state(e)) {
      case "28P01" -> environment(what, "Correct user and password in the source URL.", e);
      case "28000" ->
          environment(
              what,
              "Let this user, host and database in by a line in pg_hba.conf"
                  + " (a replication connection to a database needs one that names the database,"
                  + " or 'all'), and give the role LOGIN.",
              e);
      case "3D000" -> environment(what, "Correct the database's name in the source URL.", e);
      case "42501" -> privilege(what, e);
      case "53300" ->
          environment(what, "Raise max_connections or max_wal_senders, or end other sessions.", e);
      case "57P03" -> PipelineException.retryable(what, e);
      default -> unreachable(what, url, e);
    };
  }

  /**
   * A failure on a connection that stood. Lost connections and a server that shuts down are
   * retryable.
   *
   * @param doing what was being done, to follow "cannot": {@code "read the catalogue"}
   */
  public static PipelineException during(String doing, SQLException e) {
    String what = "cannot " + doing + ": " + reason(e);
    String state = state(e);
    if (isConnectionLost(e)) {
      return PipelineException.retryable(what, e);
    }
    return switch (state) {
      case "42501" -> privilege(what, e);
      case "42P01", "3F000" ->
          PipelineException.input(what, "Correct the table's name, or create the table.");
      case "42710" ->
          environment(what, "Choose another name, or drop it if nobody needs it any more.", e);
      case "42704" ->
          environment(
              what,
              "It was dropped while a task needed it, or made only after the slot: drop the slot"
                  + " and load again (reload-target).",
              e);
      case "53400" -> environment(what, MORE_SLOTS, e);
      case "55000" -> prerequisite(what, e);
      case "55006" ->
          environment(
              what,
              "Another process uses it: stop that one, or end its server process with"
                  + " pg_terminate_backend(pid).",
              e);
      case "55P03" ->
          environment(
              what,
              "Somebody holds a lock on it for longer than this role's lock_timeout: try again when"
                  + " that has ended, or raise the timeout.",
              e);
      case "57014" ->
          environment(
              what,
              "A timeout or a person cancelled it: raise statement_timeout for this role.",
              e);
      default -> PipelineException.permanent(what, null, e);
    };
  }

  /** Whether the source was lost or is away, so that connecting again later is the right answer. */
  public static boolean isAway(PipelineException failure) {
    return failure.isRetryable()
        || (failure.getCause() instanceof SQLException e && isConnectionLost(e));
  }

  /**
   * Whether the server lets nobody in (SQLSTATE cannot_connect_now): to one who has a connection it
   * says so that it is shutting down.
   */
  public static boolean isClosing(PipelineException failure) {
    return failure.getCause() instanceof SQLException e && state(e).equals("57P03");
  }

  /** Whether trying again on a new connection is the right answer. */
  public static boolean isConnectionLost(SQLException e) {
    String state = state(e);
    return state.startsWith("08")
        || state.startsWith("57P0")
        || state.equals("53300")
        || find(e, IOException.class) != null;
  }

  private static PipelineException prerequisite(String what, SQLException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("wal_level")) {
      return walLevel(what, e);
    }
    if (message.contains("max_replication_slots")) {
      return environment(what, MORE_SLOTS, e);
    }
    if (message.contains("can no longer") || message.contains("invalidated")) {
      return environment(
          what,
          "The server has removed WAL that the slot needs; drop the slot and load again"
              + " (reload-target). Raise max_slot_wal_keep_size so that it does not happen again.",
          e);
    }
    return environment(what, null, e);
  }

  static PipelineException walLevel(String what, @Nullable SQLException e) {
    return environment(
        what,
        "Run ALTER SYSTEM SET wal_level = logical and restart the server; on Amazon RDS set"
            + " rds.logical_replication = 1 in the parameter group and reboot.",
        e);
  }

  private static PipelineException privilege(String what, SQLException e) {
    if (what.contains("row-level security")) {
      return environment(
          what,
          "Policies of the table hide rows from the role, so that a load would lack them: ALTER"
              + " ROLE ... BYPASSRLS, or name a role that sees all rows.",
          e);
    }
    return environment(
        what,
        "Give the role what it lacks: ALTER ROLE ... REPLICATION (on Amazon RDS: GRANT"
            + " rds_replication TO ...), GRANT USAGE ON SCHEMA and GRANT SELECT ON the tables; to"
            + " create a publication it needs CREATE on the database and must own the tables,"
            + " or let an owner create the publication.",
        e);
  }

  private static PipelineException unreachable(String what, PostgresUrl url, SQLException e) {
    if (state(e).startsWith("08") || find(e, IOException.class) != null) {
      return environment(
          what,
          "Start the server, or correct host and port; it must accept TCP connections on "
              + url.hosts()
              + ".",
          e);
    }
    return environment(what, null, e);
  }

  private static PipelineException environment(
      String what, @Nullable String cure, @Nullable SQLException e) {
    return PipelineException.environment(
        what, cure == null ? "See the server's log for more." : cure, e);
  }

  private static String state(SQLException e) {
    String state = e.getSQLState();
    return state == null ? "" : state;
  }

  /** The message without its severity and without line breaks. */
  private static String reason(SQLException e) {
    String message = String.valueOf(e.getMessage()).replaceFirst("^(ERROR|FATAL|PANIC): ", "");
    String oneLine = message.replaceAll("\\s*\\n\\s*", "; ");
    IOException io = find(e, IOException.class);
    String detail = io == null ? null : io.getMessage();
    return detail == null || oneLine.contains(detail) ? oneLine : oneLine + " (" + detail + ")";
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
