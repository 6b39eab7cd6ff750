package io.dynapipe.stream;

import org.jspecify.annotations.Nullable;

/** How far each consumer has got in each shard. Thread-safe; durable when {@link #save} returns. */
public interface Checkpoints {

  /** The last record that the consumer has handled for good, or null when it never has. */
  @Nullable SequenceNumber load(String consumer, String shard);

  void save(String consumer, String shard, SequenceNumber handled);
}
