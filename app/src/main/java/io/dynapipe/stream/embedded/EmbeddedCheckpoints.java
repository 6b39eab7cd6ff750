package io.dynapipe.stream.embedded;

import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.SequenceNumber;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checkpoints in the state file; the first one makes a consumer known. Thread-safe. */
final class EmbeddedCheckpoints implements Checkpoints {

  private static final int MAX_DIGITS = 18;

  private final EmbeddedStream stream;
  private final EmbeddedStore store;

  EmbeddedCheckpoints(EmbeddedStream stream, EmbeddedStore store) {
    this.stream = stream;
    this.store = store;
  }

  @Override
  public @Nullable SequenceNumber load(String consumer, String shard) {
    long shardId = stream.shard(shard).id();
    Optional<Long> sequence =
        store.read(
            sqlite ->
                Optional.ofNullable(
                    sqlite.number(
                        "SELECT sequence FROM checkpoint WHERE shard_id = ? AND consumer = ?",
                        shardId,
                        consumer)));
    return sequence.map(SequenceNumber::of).orElse(null);
  }

  @Override
  public void save(String consumer, String shard, SequenceNumber handled) {
    long shardId = stream.shard(shard).id();
    long sequence = number(handled);
    store
        .committer()
        .commit(
            sqlite -> {
              checkExists(sqlite, shard, shardId, sequence);
              register(sqlite, stream.id(), consumer);
              sqlite.update(
                  "INSERT INTO checkpoint (shard_id, consumer, sequence) VALUES (?, ?, ?)"
                      + " ON CONFLICT DO UPDATE SET sequence = excluded.sequence",
                  shardId,
                  consumer,
                  sequence);
            });
  }

  /** A checkpoint ahead of the shard's end would let later records be trimmed unhandled. */
  private static void checkExists(Sqlite sqlite, String shard, long shardId, long sequence)
      throws SQLException {
    Long end =
        sqlite.number(
            "SELECT max(coalesce((SELECT max(last_sequence) FROM chunk WHERE shard_id = ?), 0),"
                + " trimmed_through) FROM shard WHERE id = ?",
            shardId,
            shardId);
    if (end == null || sequence > end) {
      throw PipelineException.permanent(
          "record " + sequence + " cannot be handled: " + shard + " ends with " + end,
          "Report this: the consumer reads from another stream than it marks.",
          null);
    }
  }

  static void register(Sqlite sqlite, long streamId, String consumer) throws SQLException {
    sqlite.update(
        "INSERT INTO consumer (stream_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
        streamId,
        consumer);
  }

  /** Sequence numbers of an embedded stream fit into a long. */
  static long number(SequenceNumber sequence) {
    if (sequence.digits().length() > MAX_DIGITS) {
      throw PipelineException.permanent(
          "sequence number " + sequence + " is not one of an embedded stream",
          "The checkpoint comes from another stream: reload the task.",
          null);
    }
    return Long.parseLong(sequence.digits());
  }
}
