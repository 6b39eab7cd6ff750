package io.dynapipe.stream.embedded;

import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.StoredRecord;
import io.dynapipe.stream.embedded.ChunkCursor.DamagedChunkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Reads one shard, and keeps what is left of the chunks it has fetched, because the next call goes
 * on there. Thread-safe; the connection is shared with the other shards of the reader.
 */
final class ShardReader {

  /** Stands for "begin with the oldest record". */
  static final long OLDEST = -1;

  /** What was trimmed last, and the last record that is there; 0 when none is. */
  private static final String ENDS =
      "SELECT trimmed_through, (SELECT coalesce(max(last_sequence), 0) FROM chunk WHERE shard_id ="
          + " shard.id) FROM shard WHERE id = ?";

  private static final String CHUNKS =
      "SELECT first_sequence, last_sequence, arrival_millis, checksum, payload FROM chunk"
          + " WHERE shard_id = ? AND last_sequence > ? ORDER BY last_sequence LIMIT 1000";

  private final ShardLog shard;
  private final StateFile file;
  private final Sqlite sqlite;
  private final ArrayDeque<ChunkCursor> fetched = new ArrayDeque<>();

  ShardReader(ShardLog shard, StateFile file, Sqlite sqlite) {
    this.shard = shard;
    this.file = file;
    this.sqlite = sqlite;
  }

  /** Adds the records behind {@code after}; false when there are none now. */
  synchronized boolean read(long after, int maxRecords, long maxBytes, List<StoredRecord> records) {
    try {
      if (fetched.isEmpty() || after == OLDEST || fetched.element().nextSequence() != after + 1) {
        fetched.clear();
        fetch(after, maxRecords, maxBytes);
      }
      take(maxRecords, maxBytes, records);
      return !records.isEmpty();
    } catch (SQLException e) {
      throw SqliteErrors.translate(file.path(), e);
    } catch (DamagedChunkException e) {
      throw SqliteErrors.damaged(file.path(), shard.name() + ": " + e.getMessage(), e);
    }
  }

  /** Fetches chunks until they hold as much as is asked for, and at least one. */
  private void fetch(long after, int maxRecords, long maxBytes)
      throws SQLException, DamagedChunkException {
    synchronized (sqlite) {
      long records = 0;
      long bytes = 0;
      try (ResultSet rows = sqlite.query(CHUNKS, shard.id(), after)) {
        while (records < maxRecords && bytes < maxBytes && rows.next()) {
          byte[] payload = rows.getBytes(5);
          ChunkCursor chunk =
              new ChunkCursor(
                  shard.name(), rows.getLong(1), rows.getLong(2), rows.getLong(3), payload);
          chunk.open(rows.getInt(4));
          if (after != OLDEST) {
            chunk.skipTo(after + 1);
          }
          records += rows.getLong(2) - chunk.nextSequence() + 1;
          bytes += payload.length;
          fetched.add(chunk);
        }
      }
      if (after != OLDEST) {
        checkPosition(after);
      }
    }
  }

  /** Whether the record behind {@code after} is the one that comes next, or is still to come. */
  private void checkPosition(long after) throws SQLException {
    if (!fetched.isEmpty()) {
      if (fetched.element().nextSequence() != after + 1) {
        throw trimmed(after, fetched.element().nextSequence() - 1);
      }
      return;
    }
    Long through = null;
    long last = 0;
    // One statement: between two of them, handled chunks may be trimmed.
    try (ResultSet row = sqlite.query(ENDS, shard.id())) {
      if (row.next()) {
        through = row.getLong(1);
        last = row.getLong(2);
      }
    }
    if (through == null) {
      throw PipelineException.permanent(
          "the stream of " + shard.name() + " was deleted", "Reload the task.", null);
    }
    if (through > after) {
      throw trimmed(after, through);
    }
    long end = Math.max(through, last);
    if (end < after) {
      throw PipelineException.permanent(
          shard.name()
              + " ends with record "
              + end
              + ", but record "
              + after
              + " is marked handled",
          "The state file was replaced by another one: reload the task.",
          null);
    }
  }

  private PipelineException trimmed(long after, long through) {
    return PipelineException.permanent(
        shard.name()
            + ": the records from "
            + (after + 1)
            + " to "
            + through
            + " have been trimmed before they were handled",
        "Reload the task; and make the consumer known to the stream before it pauses, so that its"
            + " records are kept.",
        null);
  }

  private void take(int maxRecords, long maxBytes, List<StoredRecord> records)
      throws DamagedChunkException {
    long bytes = 0;
    while (!fetched.isEmpty() && records.size() < maxRecords) {
      ChunkCursor chunk = fetched.element();
      if (!chunk.hasNext()) {
        fetched.remove();
        continue;
      }
      bytes += chunk.nextBytes();
      if (bytes > maxBytes && !records.isEmpty()) {
        return;
      }
      records.add(chunk.next());
    }
    while (!fetched.isEmpty() && !fetched.element().hasNext()) {
      fetched.remove();
    }
  }
}
