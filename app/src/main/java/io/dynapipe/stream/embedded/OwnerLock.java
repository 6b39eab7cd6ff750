package io.dynapipe.stream.embedded;

import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that one process, and one part of it, appends to the streams of a state directory. The
 * lock is an open exclusive transaction on a file of its own, so the operating system releases it
 * however the process ends. SQLite does the locking because a plain file lock would be lost as soon
 * as anything in this process closes another handle of the same file.
 */
final class OwnerLock implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OwnerLock.class);
  private static final String LOCK_FILE = "owner.lock";
  private static final String NAME_FILE = "owner.pid";

  private final Sqlite lock;

  private OwnerLock(Sqlite lock) {
    this.lock = lock;
  }

  /**
   * Takes the lock.
   *
   * @throws PipelineException (environment) when another one has it
   */
  static OwnerLock take(Path directory) throws SQLException, IOException {
    Sqlite sqlite = Sqlite.open("jdbc:sqlite:" + directory.resolve(LOCK_FILE));
    try {
      sqlite.execute("PRAGMA busy_timeout=0");
      sqlite.execute("BEGIN EXCLUSIVE");
    } catch (SQLException e) {
      sqlite.close();
      throw PipelineException.environment(
          "state directory " + directory + " is in use by " + owner(directory),
          "Stop that process first, or name another directory with --state.",
          e);
    }
    Files.writeString(directory.resolve(NAME_FILE), ProcessHandle.current().pid() + "\n");
    return new OwnerLock(sqlite);
  }

  /** For the message only; the file may be that of an earlier owner. */
  private static String owner(Path directory) {
    try {
      String pid = Files.readString(directory.resolve(NAME_FILE)).strip();
      return "another Dynapipe (process " + pid + ")";
    } catch (IOException e) {
      return "another Dynapipe";
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (SQLException e) {
      // Nothing was written, and the end of the process releases the lock.
      LOG.debug("could not release the lock of a state directory", e);
    }
  }
}
