package io.dynapipe.stream.embedded;

import io.dynapipe.error.PipelineException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What SQLite reports, as cause and cure.
 *
 * @see <a href="https://www.sqlite.org/rescode.html">SQLite's result codes</a>
 */
final class SqliteErrors {

  private static final int BUSY = 5;
  private static final int READONLY = 8;
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int NOTADB = 26;
  private static final int PRIMARY_CODE_BITS = 0xFF;

  private SqliteErrors() {}

  static PipelineException translate(Path file, SQLException failure) {
    String cause = "state file " + file + ": " + failure.getMessage();
    return switch (failure.getErrorCode() & PRIMARY_CODE_BITS) {
      case FULL ->
          PipelineException.environment(
              "the disk is full under state file " + file,
              "Free disk space, or move the state directory to a bigger disk, then start again;"
                  + " nothing that was confirmed is lost.",
              failure);
      case BUSY ->
          PipelineException.environment(
              "another program holds state file " + file + " locked",
              "Close database tools or backups that have the file open, then start again.",
              failure);
      case CORRUPT -> damaged(file, String.valueOf(failure.getMessage()), failure);
      case NOTADB -> foreign(file, failure);
      case READONLY, CANTOPEN, IOERR ->
          PipelineException.environment(
              cause,
              "Make the state directory writable for this user, and check the disk's health.",
              failure);
      default ->
          PipelineException.environment(
              cause, "Report this with the message and the file's size.", failure);
    };
  }

  static PipelineException damaged(Path file, String what, @Nullable Throwable cause) {
    return PipelineException.environment(
        "state file " + file + " is damaged: " + what,
        "Check the disk. Keep a copy of the file, move it away, and reload the tasks from their"
            + " sources.",
        cause);
  }

  static PipelineException foreign(Path file, @Nullable Throwable cause) {
    return PipelineException.environment(
        file + " is not a Dynapipe state file",
        "Name another directory with --state, or move that file away.",
        cause);
  }
}
