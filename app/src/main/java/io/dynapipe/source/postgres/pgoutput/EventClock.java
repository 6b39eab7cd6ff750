package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.Origin;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * The time of events. By it a target tells which table had a name when an event was made, so it
 * never goes back behind a rename or a drop that was told, whatever the machine's clock does; and
 * what comes again after a restart is told with a time from before the renames and drops that
 * followed it. One thread at a time: the stream's, or that of a load while the stream stands still.
 */
final class EventClock extends Clock {

  private final Clock clock;
  private long last;
  private long ceiling = Long.MAX_VALUE;

  /**
   * A clock.
   *
   * @param floor no time is earlier; microseconds since 1970-01-01T00:00:00Z, as all here
   */
  EventClock(Clock clock, long floor) {
    this.clock = clock;
    this.last = floor;
  }

  /** From now on no time is later. */
  void limit(long micros) {
    ceiling = micros;
  }

  long micros() {
    last = Math.min(Math.max(Origin.micros(clock), last), ceiling);
    return last;
  }

  /** A time after all that were told, for a table's parting with its name. */
  long next() {
    last = Math.min(Math.max(Origin.micros(clock), last + 1), ceiling);
    return last;
  }

  /** An event was told with a time of its own. */
  void told(long micros) {
    last = Math.max(last, micros);
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plus(micros(), ChronoUnit.MICROS);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("the time of events is UTC");
  }
}
