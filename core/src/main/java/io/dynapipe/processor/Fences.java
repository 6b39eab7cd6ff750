package io.dynapipe.processor;

import io.dynapipe.dms.Fence;
import io.dynapipe.sink.Bookmarks;
import java.util.List;
import java.util.Map;

/**
 * Lets an event that concerns rows of several shards be applied once, when all shards have come so
 * far, and lets no shard go on before. Readers of the shards may be threads, processes or
 * invocations: what they know of each other stands in the target.
 *
 * <p>Bookmarks of a stream: {@code at SHARD}, the highest fence that the shard's reader stands at
 * or has passed, with everything before it durable; and {@code done NUMBER}, behind which all may
 * go on.
 *
 * <p>A writer writes the next fence only behind a whole one, so numbers grow in every shard. When
 * shards were split or merged while a fence was written, it reaches a shard that its list does not
 * name. It can then never be whole, and whoever finds it there lets the others pass: the writer
 * writes it again to the shards that there are now.
 */
final class Fences {

  /** What a reader does with a fenced event. */
  enum Turn {
    /** Give the event again later. */
    WAIT,
    /** Apply it, then call {@link #done}. */
    APPLY,
    /** It is applied, or void. */
    PASS
  }

  private static final String AT = "at ";
  private static final String DONE = "done ";

  private final Bookmarks bookmarks;

  Fences(Bookmarks bookmarks) {
    this.bookmarks = bookmarks;
  }

  /**
   * Whose turn it is.
   *
   * @param shard whose reader asks, after all before the event is durable and will not be given
   *     again
   */
  Turn turn(Fence fence, String shard) {
    Map<String, String> known = bookmarks.read(owner(fence));
    if (isDone(fence, known)) {
      return Turn.PASS;
    }
    if (!fence.shards().contains(shard)) {
      done(fence);
      return Turn.PASS;
    }
    if (at(shard, known) < fence.number()) {
      bookmarks.save(owner(fence), AT + shard, Long.toString(fence.number()));
      known = bookmarks.read(owner(fence));
    }
    for (String other : fence.shards()) {
      if (at(other, known) < fence.number()) {
        return Turn.WAIT;
      }
    }
    return shard.equals(fence.shards().get(0)) ? Turn.APPLY : Turn.WAIT;
  }

  /** Shards whose readers have not come to the fence, for a message. */
  List<String> missing(Fence fence) {
    Map<String, String> known = bookmarks.read(owner(fence));
    return fence.shards().stream().filter(other -> at(other, known) < fence.number()).toList();
  }

  /** Lets all readers pass. */
  void done(Fence fence) {
    bookmarks.save(owner(fence), DONE + fence.number(), "");
    for (String name : bookmarks.read(owner(fence)).keySet()) {
      if (name.startsWith(DONE) && number(name) < fence.number()) {
        bookmarks.remove(owner(fence), name);
      }
    }
  }

  private static boolean isDone(Fence fence, Map<String, String> known) {
    return known.keySet().stream()
        .anyMatch(name -> name.startsWith(DONE) && number(name) >= fence.number());
  }

  private static long number(String done) {
    return Long.parseLong(done, DONE.length(), done.length(), 10);
  }

  private static long at(String shard, Map<String, String> known) {
    return Long.parseLong(known.getOrDefault(AT + shard, "0"));
  }

  private static String owner(Fence fence) {
    return "fences of " + fence.stream();
  }
}
