package io.dynapipe.bench;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** A shard of {@link MemoryStream}: its records in order, all of them kept. Thread-safe. */
final class MemoryShard {

  /** A record; its place in the shard is its sequence number. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Stored(String partitionKey, byte[] data, long arrivalMillis) {}

  private static final int MAX_BYTES = 10 << 20;

  /** As long as those of the service. */
  private static final String SEQUENCE = "4965" + "0".repeat(52);

  private static final int LONG_DIGITS = 18;

  private final String id;
  private final BigInteger firstHash;
  private final BigInteger lastHash;
  private final List<Stored> records = new ArrayList<>();

  MemoryShard(String id, BigInteger firstHash, BigInteger lastHash) {
    this.id = id;
    this.firstHash = firstHash;
    this.lastHash = lastHash;
  }

  String id() {
    return id;
  }

  BigInteger firstHash() {
    return firstHash;
  }

  BigInteger lastHash() {
    return lastHash;
  }

  /** Stores a record; its place. */
  synchronized int append(Stored record) {
    records.add(record);
    return records.size() - 1;
  }

  synchronized int size() {
    return records.size();
  }

  /** The records from a place on: at most so many, and at most 10 MiB. */
  synchronized List<Stored> read(int from, int limit) {
    int to = from;
    long bytes = 0;
    while (to < records.size() && to - from < limit) {
      bytes += records.get(to).data().length;
      if (bytes > MAX_BYTES && to > from) {
        break;
      }
      to++;
    }
    return List.copyOf(records.subList(from, to));
  }

  static String sequenceNumber(int place) {
    String digits = Integer.toString(place);
    return SEQUENCE.substring(0, SEQUENCE.length() - digits.length()) + digits;
  }

  static int place(String sequenceNumber) {
    return Integer.parseInt(sequenceNumber.substring(sequenceNumber.length() - LONG_DIGITS));
  }
}
