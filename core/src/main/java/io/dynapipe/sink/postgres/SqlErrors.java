package io.dynapipe.sink.postgres;

import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a failed statement means for its caller, by SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error
 *     codes</a>
 */
final class SqlErrors {

  private SqlErrors() {}

  /**
   * Whether the statement's rows are to blame: data (22), constraints (23), a trigger's refusal
   * (P0001), a limit that a value exceeds (54), two rows that are one to the target (21).
   */
  static boolean isRowError(SQLException error) {
    String state = state(error);
    return state.startsWith("22")
        || state.startsWith("23")
        || state.startsWith("21")
        || (state.startsWith("54") && !state.equals("54011"))
        || state.equals("P0001");
  }

  /** The server's words about a row, without the values' text, which may be of any length. */
  static String reason(SQLException error) {
    ServerErrorMessage message =
        error instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
    if (message == null) {
      return "PostgreSQL refuses the row: " + error.getMessage();
    }
    StringBuilder reason = new StringBuilder("PostgreSQL refuses the row: ");
    reason.append(shortened(message.getMessage()));
    if (message.getDetail() != null) {
      reason.append("; ").append(shortened(message.getDetail()));
    }
    return reason.append(" (SQLSTATE ").append(state(error)).append(')').toString();
  }

  private static String shortened(@Nullable String text) {
    return text == null || text.length() <= 500
        ? String.valueOf(text)
        : text.substring(0, 500) + "...";
  }

  /** The failure as callers know it. */
  static PipelineException translate(SQLException error, String doing) {
    String state = state(error);
    String message = doing + ": " + error.getMessage() + " (SQLSTATE " + state + ")";
    if (isPassing(error, state)) {
      return PipelineException.retryable(message, error);
    }
    if (state.startsWith("28")) {
      return PipelineException.environment(
          message, "Check user and password of the sink URL, and the server's pg_hba.conf.", error);
    }
    return switch (state) {
      case "3D000" ->
          PipelineException.environment(
              message, "Create the database, or name another one in the sink URL.", error);
      case "42501" ->
          PipelineException.environment(
              message,
              "Grant the sink's user CREATE on the database and its schemas, or ownership of the"
                  + " tables.",
              error);
      case "25006" ->
          PipelineException.environment(
              message, "Name the primary server in the sink URL; this one is read-only.", error);
      default -> PipelineException.permanent(message, cure(state), error);
    };
  }

  private static boolean isPassing(SQLException error, String state) {
    return state.isEmpty()
        || error.getCause() instanceof IOException
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57")
        || state.startsWith("40")
        || state.equals("55P03")
        || state.equals("55006");
  }

  private static @Nullable String cure(String state) {
    return switch (state) {
      case "42P01", "42703" ->
          "The table was changed or dropped by someone else: load it again, or restore it.";
      case "54011" -> "Use the layout document, which has no limit of columns.";
      default -> null;
    };
  }

  private static String state(SQLException error) {
    String state = error.getSQLState();
    return state == null ? "" : state;
  }
}
