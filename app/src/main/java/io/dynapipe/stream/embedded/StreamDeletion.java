package io.dynapipe.stream.embedded;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Deletes a stream in steps, so that no transaction is as big as the stream. */
final class StreamDeletion {

  private static final int CHUNKS_AT_ONCE = 200;

  private boolean finished;

  private StreamDeletion() {}

  static void run(Committer committer, String name) {
    StreamDeletion deletion = new StreamDeletion();
    while (!deletion.finished) {
      committer.commit(sqlite -> deletion.step(sqlite, name));
    }
  }

  private void step(Sqlite sqlite, String name) throws SQLException {
    Long id = sqlite.number("SELECT id FROM stream WHERE name = ?", name);
    if (id == null) {
      finished = true;
    } else if (!dropOldest(sqlite, id)) {
      sqlite.update(
          "DELETE FROM checkpoint WHERE shard_id IN (SELECT id FROM shard WHERE stream_id = ?)",
          id);
      sqlite.update("DELETE FROM consumer WHERE stream_id = ?", id);
      sqlite.update("DELETE FROM shard WHERE stream_id = ?", id);
      sqlite.update("DELETE FROM stream WHERE id = ?", id);
      finished = true;
    }
  }

  /** Drops some chunks of one shard; false when there are none left in any. */
  private static boolean dropOldest(Sqlite sqlite, long streamId) throws SQLException {
    Long shardId =
        sqlite.number(
            "SELECT shard.id FROM shard WHERE stream_id = ?"
                + " AND EXISTS (SELECT 1 FROM chunk WHERE shard_id = shard.id) LIMIT 1",
            streamId);
    if (shardId == null) {
      return false;
    }
    Long through = last(sqlite, "max(last_sequence)", shardId);
    Long endBytes = last(sqlite, "max(end_bytes)", shardId);
    if (through != null && endBytes != null) {
      Trimmer.drop(sqlite, shardId, through, endBytes);
    }
    return true;
  }

  private static @Nullable Long last(Sqlite sqlite, String what, long shardId) throws SQLException {
    return sqlite.number(
        "SELECT "
            + what
            + " FROM (SELECT last_sequence, end_bytes FROM chunk WHERE shard_id = ?"
            + " ORDER BY last_sequence LIMIT "
            + CHUNKS_AT_ONCE
            + ")",
        shardId);
  }
}
