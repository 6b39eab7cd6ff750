package io.dynapipe.stream.kinesis;

import java.util.concurrent.CompletableFuture;

/** Records that one caller gave together. Belongs to the dispatcher's thread once it is given. */
final class Batch {

  final CompletableFuture<Void> stored = new CompletableFuture<>();
  private int open;

  void opened() {
    open++;
  }

  void closed() {
    open--;
  }

  boolean isStored() {
    return open == 0;
  }
}
