package io.dynapipe.stream.kinesis;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Records that must be stored one after another: those of a partition key, or of a slice of the
 * hash space when records are aggregated. It is in one place at a time: ready, under way, or
 * resting after a failure. Belongs to the dispatcher's thread.
 */
final class Lane {

  final String key;
  final HashKey hash;
  final ArrayDeque<Entry> waiting = new ArrayDeque<>();

  private int failures;
  private long restsUntilNanos;

  Lane(String key, HashKey hash) {
    this.key = key;
    this.hash = hash;
  }

  /** Puts records that were under way back before all others. */
  void putBack(List<Entry> entries) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      waiting.addFirst(entries.get(i));
    }
  }

  void succeeded() {
    failures = 0;
  }

  /** Counts a failure: how many there have been in a row. */
  int failed() {
    return ++failures;
  }

  void restUntil(long nanos) {
    restsUntilNanos = nanos;
  }

  /** By {@code System.nanoTime()}. */
  long restsUntil() {
    return restsUntilNanos;
  }
}
