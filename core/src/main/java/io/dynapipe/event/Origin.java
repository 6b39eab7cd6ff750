package io.dynapipe.event;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where and when an event came to be.
 *
 * @param timestampMicros when the event was made, microseconds since 1970-01-01T00:00:00Z
 * @param transaction null on full load and on table changes that carry none
 * @param recordInTransaction counted from 1; 0 when not told
 * @param position place in the source's log; null on full load
 */
public record Origin(
    long timestampMicros,
    @Nullable Transaction transaction,
    long recordInTransaction,
    @Nullable StreamPosition position) {

  /** An event outside any transaction. */
  public static Origin at(long timestampMicros) {
    return new Origin(timestampMicros, null, 0, null);
  }

  /** The same at another time. */
  public Origin withTimestamp(long micros) {
    return new Origin(micros, transaction, recordInTransaction, position);
  }

  /** An event outside any transaction that is made now. */
  public static Origin now(Clock clock) {
    return at(micros(clock));
  }

  /** A clock's time in microseconds since 1970-01-01T00:00:00Z. */
  public static long micros(Clock clock) {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
