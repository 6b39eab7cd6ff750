package io.dynapipe.stream.embedded;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.RecordReader;
import io.dynapipe.stream.RecordWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A stream in an {@link EmbeddedStore}. Thread-safe. */
public final class EmbeddedStream {

  private static final long DEFAULT_MAX_BYTES = 64L << 30;
  private static final double DEFAULT_SHARE_OF_FREE_DISK = 0.8;

  private final EmbeddedStore store;
  private final String name;
  private final long id;
  private final List<ShardLog> shards;
  private final @Nullable Duration retention;
  private final long maxBytes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean closed;
  private volatile boolean deleted;

  private EmbeddedStream(
      EmbeddedStore store,
      String name,
      long id,
      List<ShardLog> shards,
      EmbeddedStreamUrl settings) {
    this.store = store;
    this.name = name;
    this.id = id;
    this.shards = List.copyOf(shards);
    this.retention = settings.retention();
    this.maxBytes = settings.maxBytes() == null ? defaultMaxBytes() : settings.maxBytes();
  }

  static EmbeddedStream open(EmbeddedStore store, String name, EmbeddedStreamUrl settings) {
    Long id = find(store, name);
    if (id == null && store.access() != EmbeddedStore.Access.OWNER) {
      throw PipelineException.environment(
          "there is no stream '" + name + "' in state file " + store.file().path(),
          "Start the process that writes the stream first.",
          null);
    }
    if (id == null) {
      store.committer().commit(sqlite -> create(sqlite, name, settings.shards()));
      id = find(store, name);
    }
    if (id == null) {
      throw new IllegalStateException("stream '" + name + "' was made, and is not there");
    }
    return new EmbeddedStream(store, name, id, loadShards(store, id), settings);
  }

  private static @Nullable Long find(EmbeddedStore store, String name) {
    return store
        .read(
            sqlite ->
                Optional.ofNullable(sqlite.number("SELECT id FROM stream WHERE name = ?", name)))
        .orElse(null);
  }

  private static void create(Sqlite sqlite, String name, @Nullable Integer shards)
      throws SQLException {
    int count = shards == null ? 1 : shards;
    sqlite.update("INSERT INTO stream (name, shard_count) VALUES (?, ?)", name, count);
    for (int number = 0; number < count; number++) {
      sqlite.update(
          "INSERT INTO shard (stream_id, number, trimmed_through, trimmed_bytes)"
              + " SELECT id, ?, 0, 0 FROM stream WHERE name = ?",
          number,
          name);
    }
  }

  private static List<ShardLog> loadShards(EmbeddedStore store, long streamId) {
    return store.read(
        sqlite -> {
          List<ShardLog> shards = new ArrayList<>();
          try (ResultSet rows =
              sqlite.query(
                  "SELECT id, number FROM shard WHERE stream_id = ? ORDER BY number", streamId)) {
            while (rows.next()) {
              shards.add(new ShardLog(rows.getLong(1), rows.getInt(2)));
            }
          }
          for (ShardLog shard : shards) {
            shard.load(sqlite);
          }
          return shards;
        });
  }

  private long defaultMaxBytes() {
    try {
      long free = Files.getFileStore(store.file().path()).getUsableSpace();
      long share = (long) (free * DEFAULT_SHARE_OF_FREE_DISK);
      return Math.min(DEFAULT_MAX_BYTES, storedBytes() + share);
    } catch (IOException e) {
      return DEFAULT_MAX_BYTES;
    }
  }

  void checkShards(EmbeddedStreamUrl settings) {
    Integer wanted = settings.shards();
    if (wanted != null && wanted != shards.size()) {
      throw PipelineException.input(
          "stream '" + name + "' has " + shards.size() + " shards, not " + wanted,
          "The number of shards is fixed when a stream is made: give shards="
              + shards.size()
              + ", or start with a new state directory.");
    }
  }

  /**
   * A writer; several may append at the same time.
   *
   * @throws IllegalStateException when this process does not own the store
   */
  public RecordWriter writer() {
    if (store.access() != EmbeddedStore.Access.OWNER) {
      throw new IllegalStateException("only the owner of a state directory appends to its streams");
    }
    return new EmbeddedWriter(this, store.committer(), store.clock());
  }

  public RecordReader reader() {
    try {
      return new EmbeddedReader(this, store.file(), store.file().openReader());
    } catch (SQLException e) {
      throw SqliteErrors.translate(store.file().path(), e);
    }
  }

  public Checkpoints checkpoints() {
    return new EmbeddedCheckpoints(this, store);
  }

  /**
   * Makes a consumer known before its first checkpoint: records are kept until it has handled them.
   * While no consumer is known, nothing is trimmed.
   */
  public void addConsumer(String consumer) {
    store.committer().commit(sqlite -> EmbeddedCheckpoints.register(sqlite, id, consumer));
  }

  /** Forgets a consumer and its checkpoints; records are not kept for it any more. */
  public void removeConsumer(String consumer) {
    store
        .committer()
        .commit(
            sqlite -> {
              sqlite.update("DELETE FROM consumer WHERE stream_id = ? AND name = ?", id, consumer);
              sqlite.update(
                  "DELETE FROM checkpoint WHERE consumer = ?"
                      + " AND shard_id IN (SELECT id FROM shard WHERE stream_id = ?)",
                  consumer,
                  id);
            });
  }

  public String name() {
    return name;
  }

  /**
   * Number of the last record of a shard, as the process that owns the store counts; 0 for none.
   */
  public long lastSequence(String shardName) {
    return shard(shardName).lastSequence();
  }

  /** Number of the last record of a shard that was dropped; 0 when none was. */
  public long trimmedThrough(String shardName) {
    return shard(shardName).trimmedThrough();
  }

  /**
   * Number of the last kept record of a shard that arrived before a moment; 0 when all came later.
   */
  public long lastBefore(String shardName, long millis) {
    long id = shard(shardName).id();
    return store.read(
        sqlite -> {
          Long last =
              sqlite.number(
                  "SELECT max(last_sequence) FROM chunk WHERE shard_id = ? AND arrival_millis < ?",
                  id,
                  millis);
          return last == null ? 0L : last;
        });
  }

  /** Tells this stream from those of the same name in other state directories. */
  String identity() {
    String path = store.file().path().toAbsolutePath().normalize().toString();
    return name + "@" + UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes that are kept, as the process that owns the store counts them. */
  public long storedBytes() {
    long bytes = 0;
    for (ShardLog shard : shards) {
      bytes += shard.storedBytes();
    }
    return bytes;
  }

  /** Bytes beyond which writers wait. */
  public long maxBytes() {
    return maxBytes;
  }

  long id() {
    return id;
  }

  List<ShardLog> shards() {
    return shards;
  }

  /** The shard of this name. */
  ShardLog shard(String shardName) {
    for (ShardLog shard : shards) {
      if (shard.name().equals(shardName)) {
        return shard;
      }
    }
    throw PipelineException.input(
        "stream '" + name + "' has no shard '" + shardName + "'", "Ask the reader for its shards.");
  }

  @Nullable Duration retention() {
    return retention;
  }

  boolean isOwned() {
    return store.access() == EmbeddedStore.Access.OWNER;
  }

  boolean isFull() {
    return storedBytes() >= maxBytes;
  }

  boolean isClosed() {
    return closed;
  }

  /** Something was written or trimmed: whoever waits looks again. */
  void signalChange() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Asked again after each change. */
  interface Wish {
    boolean isFulfilled();
  }

  /** Waits until the wish is fulfilled or the stream is closed; false when time is up. */
  boolean await(Wish wish, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long rest = nanos;
      while (!closed && !wish.isFulfilled()) {
        if (rest <= 0) {
          return false;
        }
        rest = changed.awaitNanos(rest);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    closed = true;
    signalChange();
  }

  void delete() {
    deleted = true;
    close();
  }

  /** Whether appending would leave records that belong to no stream. */
  boolean isDeleted() {
    return deleted;
  }

  static long toNanos(Duration wait) {
    return TimeUnit.NANOSECONDS.convert(wait);
  }
}
