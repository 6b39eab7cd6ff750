package io.dynapipe.stream.embedded;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops chunks that every known consumer has handled and that are older than the retention; when a
 * stream is full, handled chunks go before their time. Runs on the committer's thread.
 */
final class Trimmer implements Committer.Upkeep {

  private static final Logger LOG = LoggerFactory.getLogger(Trimmer.class);

  /** Bounds what one transaction frees, so that writers do not wait long for it. */
  private static final long MAX_BYTES_AT_ONCE = 64L << 20;

  private static final int MAX_CHUNKS_AT_ONCE = 2_000;

  /** Pages that are free are used again; only a file of mostly free pages is made smaller. */
  private static final long MIN_FREE_PAGES = 8_192;

  private static final int PAGES_RELEASED_AT_ONCE = 2_048;

  private static final String HANDLED =
      "SELECT min(coalesce(checkpoint.sequence, 0)) FROM consumer"
          + " LEFT JOIN checkpoint ON checkpoint.shard_id = ?"
          + " AND checkpoint.consumer = consumer.name WHERE consumer.stream_id = ?";

  private static final String OLDEST =
      "SELECT last_sequence, end_bytes, arrival_millis FROM chunk"
          + " WHERE shard_id = ? AND last_sequence <= ? ORDER BY last_sequence LIMIT "
          + MAX_CHUNKS_AT_ONCE;

  /** To drop the chunks of a shard through the one that ends here. */
  private record Cut(EmbeddedStream stream, ShardLog shard, long through, long endBytes) {}

  private final EmbeddedStore store;
  private final Clock clock;
  private List<Cut> due = List.of();

  Trimmer(EmbeddedStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public boolean isDue(Sqlite sqlite) throws SQLException {
    List<Cut> cuts = new ArrayList<>();
    if (store.access() == EmbeddedStore.Access.OWNER) {
      for (EmbeddedStream stream : store.openStreams()) {
        for (ShardLog shard : stream.shards()) {
          Cut cut = cut(sqlite, stream, shard);
          if (cut != null) {
            cuts.add(cut);
          }
        }
      }
    }
    due = cuts;
    return !due.isEmpty();
  }

  private @Nullable Cut cut(Sqlite sqlite, EmbeddedStream stream, ShardLog shard)
      throws SQLException {
    Long handled = sqlite.number(HANDLED, shard.id(), stream.id());
    if (handled == null || handled <= shard.trimmedThrough()) {
      return null;
    }
    Duration retention = stream.retention();
    boolean early = retention != null && stream.isFull();
    long keepFrom =
        retention == null || early ? Long.MAX_VALUE : clock.millis() - retention.toMillis();
    Cut cut = null;
    try (ResultSet rows = sqlite.query(OLDEST, shard.id(), handled)) {
      while (rows.next() && rows.getLong(3) < keepFrom) {
        cut = new Cut(stream, shard, rows.getLong(1), rows.getLong(2));
        if (cut.endBytes() - shard.trimmedBytes() > MAX_BYTES_AT_ONCE) {
          break;
        }
      }
    }
    if (cut != null && early) {
      LOG.warn(
          "stream '{}' is full: handled records of {} are dropped before their retention of {} is"
              + " over",
          stream.name(),
          shard.name(),
          retention);
    }
    return cut;
  }

  @Override
  public Work next() {
    List<Cut> cuts = due;
    return new Work() {
      @Override
      public void run(Sqlite sqlite) throws SQLException {
        for (Cut cut : cuts) {
          drop(sqlite, cut.shard().id(), cut.through(), cut.endBytes());
        }
      }

      @Override
      public void committed() {
        for (Cut cut : cuts) {
          cut.shard().trimmed(cut.through(), cut.endBytes());
          cut.stream().signalChange();
        }
      }
    };
  }

  /** Deletes chunks and remembers how far, so that numbers go on and readers learn of it. */
  static void drop(Sqlite sqlite, long shardId, long through, long endBytes) throws SQLException {
    sqlite.update("DELETE FROM chunk WHERE shard_id = ? AND last_sequence <= ?", shardId, through);
    sqlite.update(
        "UPDATE shard SET trimmed_through = ?, trimmed_bytes = ? WHERE id = ?",
        through,
        endBytes,
        shardId);
  }

  /** Gives pages back to the disk after a backlog. */
  @Override
  public void idle(Sqlite sqlite) throws SQLException {
    if (store.access() != EmbeddedStore.Access.OWNER) {
      return;
    }
    Long free = sqlite.number("PRAGMA freelist_count");
    Long pages = sqlite.number("PRAGMA page_count");
    if (free != null && pages != null && free > MIN_FREE_PAGES && free > pages / 2) {
      sqlite.execute("PRAGMA incremental_vacuum(" + PAGES_RELEASED_AT_ONCE + ")");
    }
  }
}
