package io.dynapipe.stream.embedded;

import io.dynapipe.error.PipelineException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/**
 * One shard: where it ends, where it begins, and how to append to it. What is committed may be read
 * by all threads; the rest belongs to the committer's thread.
 */
final class ShardLog {

  private static final String INSERT =
      "INSERT INTO chunk (shard_id, first_sequence, last_sequence, end_bytes, arrival_millis,"
          + " checksum, payload) VALUES (?, ?, ?, ?, ?, ?, ?)";

  private final long id;
  private final String name;

  private volatile long lastSequence;
  private volatile long endBytes;
  private volatile long trimmedThrough;
  private volatile long trimmedBytes;

  private long pendingSequence;
  private long pendingEndBytes;

  ShardLog(long id, int number) {
    this.id = id;
    this.name = name(number);
  }

  /** Shards are called as Kinesis calls them. */
  static String name(int number) {
    return String.format(Locale.ROOT, "shardId-%012d", number);
  }

  /** Reads where the shard begins and ends. */
  void load(Sqlite sqlite) throws SQLException {
    try (ResultSet rows =
        sqlite.query("SELECT trimmed_through, trimmed_bytes FROM shard WHERE id = ?", id)) {
      if (rows.next()) {
        trimmedThrough = rows.getLong(1);
        trimmedBytes = rows.getLong(2);
      }
    }
    // Numbers go on behind what was trimmed, so that none is ever used again.
    pendingSequence = trimmedThrough;
    pendingEndBytes = trimmedBytes;
    try (ResultSet rows =
        sqlite.query(
            "SELECT last_sequence, end_bytes FROM chunk WHERE shard_id = ?"
                + " ORDER BY last_sequence DESC LIMIT 1",
            id)) {
      if (rows.next()) {
        pendingSequence = rows.getLong(1);
        pendingEndBytes = rows.getLong(2);
      }
    }
    committed();
  }

  long id() {
    return id;
  }

  String name() {
    return name;
  }

  /** Number of the last durable record; 0 when there never was one. */
  long lastSequence() {
    return lastSequence;
  }

  /** Number of the last record that was dropped; 0 when none was. */
  long trimmedThrough() {
    return trimmedThrough;
  }

  long trimmedBytes() {
    return trimmedBytes;
  }

  /** Bytes of payload that are kept. */
  long storedBytes() {
    return endBytes - trimmedBytes;
  }

  /** Stores a chunk behind the last one, as part of the running transaction. */
  void append(Sqlite sqlite, Chunk chunk, long arrivalMillis) throws SQLException {
    long first = pendingSequence + 1;
    long last = pendingSequence + chunk.records();
    long end = pendingEndBytes + chunk.payload().length;
    int rows =
        sqlite.update(
            INSERT, id, first, last, end, arrivalMillis, chunk.checksum(), chunk.payload());
    if (rows != 1) {
      throw PipelineException.permanent("a chunk was not stored in " + name, null, null);
    }
    pendingSequence = last;
    pendingEndBytes = end;
  }

  void committed() {
    endBytes = pendingEndBytes;
    lastSequence = pendingSequence;
  }

  void rolledBack() {
    pendingEndBytes = endBytes;
    pendingSequence = lastSequence;
  }

  void trimmed(long through, long bytes) {
    trimmedBytes = bytes;
    trimmedThrough = through;
  }
}
