package io.dynapipe.stream.embedded;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The database of a state directory: streams, checkpoints of their consumers, and tasks' state. One
 * process owns a directory and appends to its streams; others may read them, keep checkpoints and
 * use tasks' state. Thread-safe.
 */
public final class EmbeddedStore implements AutoCloseable {

  /** What the process wants to do. */
  public enum Access {
    /** Append to streams and trim them. One process at a time; released however it ends. */
    OWNER,
    /** Read streams that an owner has made, beside it. */
    SHARED
  }

  private final StateFile file;
  private final Access access;
  private final Clock clock;
  private final @Nullable OwnerLock ownerLock;
  private final Sqlite reader;
  private final Committer committer;
  private final Map<String, EmbeddedStream> streams = new ConcurrentHashMap<>();

  private EmbeddedStore(StateFile file, Access access, Clock clock, @Nullable OwnerLock ownerLock)
      throws SQLException {
    this.file = file;
    this.access = access;
    this.clock = clock;
    this.ownerLock = ownerLock;
    Sqlite writer = file.openWriter(access == Access.OWNER);
    try {
      this.reader = file.openReader();
    } catch (SQLException e) {
      writer.close();
      throw e;
    }
    this.committer = new Committer(file, writer, new Trimmer(this, clock));
  }

  /**
   * Opens the database in a directory; an owner makes both when they are not there.
   *
   * @throws PipelineException (environment) when another process owns the directory, or the file is
   *     missing, damaged, of another program, or cannot be written
   */
  public static EmbeddedStore open(Path directory, Access access) {
    return open(directory, access, Clock.systemUTC());
  }

  static EmbeddedStore open(Path directory, Access access, Clock clock) {
    StateFile file = new StateFile(directory);
    OwnerLock lock = null;
    try {
      if (access == Access.OWNER) {
        createDirectory(directory);
        lock = OwnerLock.take(directory);
      } else if (!file.exists()) {
        throw PipelineException.environment(
            "there is no state file " + file.path(),
            "Start the process that writes the stream first, or name its directory with --state.",
            null);
      }
      EmbeddedStore store = new EmbeddedStore(file, access, clock, lock);
      store.committer.start();
      return store;
    } catch (SQLException e) {
      release(lock);
      throw SqliteErrors.translate(file.path(), e);
    } catch (IOException e) {
      release(lock);
      throw PipelineException.environment(
          "state directory " + directory + " cannot be used: " + e,
          "Make it writable for this user, or name another one with --state.",
          e);
    } catch (RuntimeException e) {
      release(lock);
      throw e;
    }
  }

  /** Rows of the source lie in the directory, so that only its owner may look into it. */
  private static void createDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(directory);
    }
  }

  private static void release(@Nullable OwnerLock lock) {
    if (lock != null) {
      lock.close();
    }
  }

  /**
   * The stream of this name; an owner makes it when it is not there.
   *
   * @param settings of the first call for this name since the store was opened
   * @throws PipelineException (input) when it has another number of shards than the settings say;
   *     (environment) when it is not there and this process is not the owner
   */
  public EmbeddedStream stream(String name, EmbeddedStreamUrl settings) {
    EmbeddedStream open = streams.get(name);
    if (open == null) {
      open = streams.computeIfAbsent(name, key -> EmbeddedStream.open(this, key, settings));
    }
    open.checkShards(settings);
    return open;
  }

  /** Names of the streams that are there. */
  public List<String> streamNames() {
    return read(
        sqlite -> {
          List<String> names = new ArrayList<>();
          try (ResultSet rows = sqlite.query("SELECT name FROM stream ORDER BY name")) {
            while (rows.next()) {
              names.add(rows.getString(1));
            }
          }
          return names;
        });
  }

  /** Deletes a stream with its records and checkpoints; none of that name is fine. */
  public void deleteStream(String name) {
    EmbeddedStream open = streams.remove(name);
    if (open != null) {
      open.delete();
    }
    StreamDeletion.run(committer, name);
  }

  /** The state of a task; one that was never used is empty. */
  public TaskState taskState(String task) {
    return new TaskState(this, task);
  }

  /** Names of the tasks that have state. */
  public List<String> taskNames() {
    return TaskState.names(this);
  }

  StateFile file() {
    return file;
  }

  Access access() {
    return access;
  }

  Clock clock() {
    return clock;
  }

  Committer committer() {
    return committer;
  }

  Iterable<EmbeddedStream> openStreams() {
    return streams.values();
  }

  /** A query, answered from what is durable. */
  interface Query<T> {
    T run(Sqlite sqlite) throws SQLException;
  }

  <T> T read(Query<T> query) {
    synchronized (reader) {
      try {
        return query.run(reader);
      } catch (SQLException e) {
        throw SqliteErrors.translate(file.path(), e);
      }
    }
  }

  /** Commits what is queued; writers and readers that wait come back. */
  @Override
  public void close() {
    streams.values().forEach(EmbeddedStream::close);
    try {
      try {
        committer.close();
      } finally {
        reader.close();
      }
    } catch (SQLException e) {
      throw SqliteErrors.translate(file.path(), e);
    } finally {
      release(ownerLock);
    }
  }
}
