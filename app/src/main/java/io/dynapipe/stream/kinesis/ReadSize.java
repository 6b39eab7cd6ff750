package io.dynapipe.stream.kinesis;

import java.time.Duration;

/**
 * How many records to ask a shard for at once. An answer may have 10 MB, which takes a slow line
 * longer than a call may take; asked for the same again, it would never come. One thread at a time.
 */
final class ReadSize {

  private static final int MAX_RECORDS = 10_000;

  /** Aggregated records have up to a megabyte: ten tell what to expect. */
  private static final int FIRST_RECORDS = 10;

  private static final int ASSUMED_BYTES = 1_024;
  private static final long MOST_BYTES = 10L << 20;
  private static final long LEAST_BYTES = 64 << 10;

  /** A call that failed after so long had too much to bring. */
  private static final Duration SLOW = Duration.ofSeconds(5);

  /** An answer that came so soon could have brought more. */
  private static final Duration QUICK = Duration.ofSeconds(1);

  private static final int RECORD_STEP = 8;
  private static final int BYTES_STEP = 4;

  private boolean known;
  private long averageBytes = ASSUMED_BYTES;
  private long bytesAtOnce = MOST_BYTES;

  /** How many records may be taken, by number and by what they are likely to hold. */
  int limit(int maxRecords, long maxBytes) {
    long byBytes = Math.min(maxBytes, bytesAtOnce) / averageBytes;
    int most = known ? MAX_RECORDS : FIRST_RECORDS;
    return (int) Math.max(1, Math.min(Math.min(maxRecords, most), byBytes));
  }

  /** A record was read. */
  void read(int bytes) {
    known = true;
    averageBytes = Math.max(1, (averageBytes * 7 + bytes) / 8);
  }

  /** An answer came. */
  void answered(Duration took) {
    if (took.compareTo(QUICK) < 0) {
      bytesAtOnce = Math.min(MOST_BYTES, bytesAtOnce * 2);
    }
  }

  /** No answer came, but may come when asked again. */
  void failed(Duration took) {
    if (took.compareTo(SLOW) > 0) {
      bytesAtOnce = Math.max(LEAST_BYTES, bytesAtOnce / BYTES_STEP);
      averageBytes = Math.min(MOST_BYTES, averageBytes * RECORD_STEP);
    }
  }
}
