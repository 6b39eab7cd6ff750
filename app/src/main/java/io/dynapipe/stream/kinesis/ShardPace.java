package io.dynapipe.stream.kinesis;

import java.util.concurrent.TimeUnit;

/**
 * Keeps what is sent to a shard within what it takes: 1,000 records and 1 MB a second. Sending more
 * only brings refusals, which cost requests and hold back keys. One thread at a time.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html">Quotas
 *     and limits</a>
 */
final class ShardPace {

  private static final double RECORDS_PER_NANO = 1_000 / 1e9;
  private static final double BYTES_PER_NANO = 1_048_576 / 1e9;

  /** What may be sent at once: a tenth of a second's share. */
  private static final double BURST_NANOS = 1e8;

  /** Rests are this long at least, so that requests do not carry one record each. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private double records = RECORDS_PER_NANO * BURST_NANOS;
  private double bytes = BYTES_PER_NANO * BURST_NANOS;
  private long filledNanos;
  private long restsUntilNanos;
  private long usedUpNanos;

  ShardPace(long nowNanos) {
    filledNanos = nowNanos;
    restsUntilNanos = nowNanos;
    usedUpNanos = nowNanos;
  }

  /** Whether a record may be sent now; a large one may go into debt, which is then waited for. */
  boolean take(int recordBytes, long nowNanos) {
    if (nowNanos - restsUntilNanos < 0) {
      return false;
    }
    fill(nowNanos);
    if (records >= 1 && bytes > 0) {
      records--;
      bytes -= recordBytes;
      return true;
    }
    long debt = bytes > 0 ? 0 : (long) (-bytes / BYTES_PER_NANO);
    restsUntilNanos = nowNanos + REST_NANOS + debt;
    return false;
  }

  /**
   * The service says that the shard's share of this moment is used up, by us or by others. Several
   * answers may say so about the same moment.
   */
  void usedUp(long nowNanos) {
    if (nowNanos - usedUpNanos < BURST_NANOS) {
      return;
    }
    usedUpNanos = nowNanos;
    fill(nowNanos);
    records = Math.min(records, 0);
    bytes = Math.min(bytes, 0);
  }

  /** When to ask again, after a refusal; by {@code System.nanoTime()}. */
  long restsUntil() {
    return restsUntilNanos;
  }

  private void fill(long nowNanos) {
    double nanos = nowNanos - filledNanos;
    records = Math.min(records + nanos * RECORDS_PER_NANO, RECORDS_PER_NANO * BURST_NANOS);
    bytes = Math.min(bytes + nanos * BYTES_PER_NANO, BYTES_PER_NANO * BURST_NANOS);
    filledNanos = nowNanos;
  }
}
