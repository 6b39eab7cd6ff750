package io.dynapipe.stream.embedded;

import io.dynapipe.error.PipelineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** The database file: its identity, its tables, and how a connection to it has to be set up. */
final class StateFile {

  static final String NAME = "state.db";

  /** "dyna", so that the file can be told from any other SQLite file. */
  private static final int APPLICATION_ID = 0x64796E61;

  private static final int VERSION = 1;

  /**
   * Big, so that a chunk takes few pages; not bigger, as a commit of one row writes whole pages.
   */
  private static final int PAGE_BYTES = 16 * 1024;

  /** Holds the biggest group that is committed at once. */
  private static final int CACHE_KIB = 32 * 1024;

  private static final long CHECKPOINT_BYTES = 64L << 20;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
              + " shard_count INTEGER NOT NULL)",
          "CREATE TABLE shard (id INTEGER PRIMARY KEY, stream_id INTEGER NOT NULL,"
              + " number INTEGER NOT NULL, trimmed_through INTEGER NOT NULL,"
              + " trimmed_bytes INTEGER NOT NULL, UNIQUE (stream_id, number))",
          // The payload stands last: the columns before it are then read without it.
          "CREATE TABLE chunk (id INTEGER PRIMARY KEY, shard_id INTEGER NOT NULL,"
              + " first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL,"
              + " end_bytes INTEGER NOT NULL, arrival_millis INTEGER NOT NULL,"
              + " checksum INTEGER NOT NULL, payload BLOB NOT NULL)",
          "CREATE UNIQUE INDEX chunk_by_sequence ON chunk (shard_id, last_sequence)",
          "CREATE TABLE consumer (stream_id INTEGER NOT NULL, name TEXT NOT NULL,"
              + " PRIMARY KEY (stream_id, name)) WITHOUT ROWID",
          "CREATE TABLE checkpoint (shard_id INTEGER NOT NULL, consumer TEXT NOT NULL,"
              + " sequence INTEGER NOT NULL, PRIMARY KEY (shard_id, consumer)) WITHOUT ROWID",
          "CREATE TABLE task_state (task TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,"
              + " PRIMARY KEY (task, key)) WITHOUT ROWID");

  private final Path file;

  StateFile(Path directory) {
    this.file = directory.resolve(NAME);
  }

  Path path() {
    return file;
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** A connection that reads; it never waits for writers, nor they for it. */
  Sqlite openReader() throws SQLException {
    Sqlite sqlite = open();
    sqlite.execute("PRAGMA query_only=ON");
    return sqlite;
  }

  /**
   * A connection that writes.
   *
   * @param create whether to make the tables when the file is new
   */
  Sqlite openWriter(boolean create) throws SQLException {
    Sqlite sqlite = open();
    try {
      prepare(sqlite, create);
      return sqlite;
    } catch (SQLException | RuntimeException e) {
      sqlite.close();
      throw e;
    }
  }

  private Sqlite open() throws SQLException {
    Sqlite sqlite = Sqlite.open("jdbc:sqlite:" + file);
    try {
      sqlite.execute("PRAGMA busy_timeout=60000");
      return sqlite;
    } catch (SQLException e) {
      sqlite.close();
      throw e;
    }
  }

  private void prepare(Sqlite sqlite, boolean create) throws SQLException {
    // The first statement that reads the file, so a file of another kind is refused here.
    boolean isNew = number(sqlite, "SELECT count(*) FROM sqlite_schema") == 0;
    if (isNew && !create) {
      throw PipelineException.environment(
          "state file " + file + " has nothing in it yet",
          "Start the process that writes the stream first.",
          null);
    }
    if (isNew) {
      sqlite.execute("PRAGMA page_size=" + PAGE_BYTES);
      sqlite.execute("PRAGMA auto_vacuum=INCREMENTAL");
    } else {
      checkIdentity(sqlite);
    }
    sqlite.execute("PRAGMA journal_mode=WAL");
    // A commit is on the disk when it returns: a slot that was confirmed never outruns the file.
    sqlite.execute("PRAGMA synchronous=FULL");
    sqlite.execute("PRAGMA fullfsync=ON");
    sqlite.execute("PRAGMA checkpoint_fullfsync=ON");
    sqlite.execute("PRAGMA cache_size=-" + CACHE_KIB);
    sqlite.execute("PRAGMA wal_autocheckpoint=" + CHECKPOINT_BYTES / PAGE_BYTES);
    sqlite.execute("PRAGMA journal_size_limit=" + CHECKPOINT_BYTES);
    if (isNew) {
      create(sqlite);
    }
  }

  private void checkIdentity(Sqlite sqlite) throws SQLException {
    if (number(sqlite, "PRAGMA application_id") != APPLICATION_ID) {
      throw SqliteErrors.foreign(file, null);
    }
    long version = number(sqlite, "PRAGMA user_version");
    if (version != VERSION) {
      throw PipelineException.environment(
          "state file " + file + " has version " + version + ", this program writes " + VERSION,
          "Start the Dynapipe release that wrote it, or name another directory with --state.",
          null);
    }
  }

  /** All tables or none, so that a crash leaves no half-made file. */
  private static void create(Sqlite sqlite) throws SQLException {
    sqlite.execute("BEGIN IMMEDIATE");
    for (String table : TABLES) {
      sqlite.execute(table);
    }
    sqlite.execute("PRAGMA application_id=" + APPLICATION_ID);
    sqlite.execute("PRAGMA user_version=" + VERSION);
    sqlite.execute("COMMIT");
  }

  private static long number(Sqlite sqlite, String sql) throws SQLException {
    Long number = sqlite.number(sql);
    return number == null ? 0 : number;
  }
}
