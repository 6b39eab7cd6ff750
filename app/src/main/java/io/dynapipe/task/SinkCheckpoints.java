package io.dynapipe.task;

import io.dynapipe.sink.Bookmarks;
import io.dynapipe.stream.Checkpoints;
import io.dynapipe.stream.SequenceNumber;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints in the target's database, beside the rows that they tell of: whoever restores the
 * target from a backup goes on in the stream where that was. Thread-safe.
 */
public final class SinkCheckpoints implements Checkpoints {

  private final Bookmarks bookmarks;
  private final String stream;
  private final Map<String, Map<String, String>> known = new ConcurrentHashMap<>();

  /**
   * Checkpoints of one stream.
   *
   * @param stream tells it from others that are applied to the same target
   */
  public SinkCheckpoints(Bookmarks bookmarks, String stream) {
    this.bookmarks = bookmarks;
    this.stream = stream;
  }

  @Override
  public @Nullable SequenceNumber load(String consumer, String shard) {
    String text =
        known
            .computeIfAbsent(consumer, name -> new ConcurrentHashMap<>(bookmarks.read(owner(name))))
            .get(shard);
    return text == null ? null : SequenceNumber.parse(text);
  }

  @Override
  public void save(String consumer, String shard, SequenceNumber handled) {
    bookmarks.save(owner(consumer), shard, handled.toString());
    known
        .computeIfAbsent(consumer, name -> new ConcurrentHashMap<>())
        .put(shard, handled.toString());
  }

  private String owner(String consumer) {
    return "checkpoints of " + consumer + " in " + stream;
  }
}
