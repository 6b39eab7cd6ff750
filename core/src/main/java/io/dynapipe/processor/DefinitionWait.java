package io.dynapipe.processor;

import io.dynapipe.event.TableName;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long rows wait for the definition of their table. AWS DMS gives table changes another
 * partition key than rows, so that with several shards a row may be read first. Thread-safe; one
 * for all shards of a process.
 */
public final class DefinitionWait {

  private final Duration limit;
  private final Clock clock;
  private final Map<TableName, Long> missedSince = new ConcurrentHashMap<>();

  /**
   * A wait.
   *
   * @param limit for each table, from its first row on; zero not to wait at all
   */
  public DefinitionWait(Duration limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /** For records of one order, where a definition that was not before will not be behind. */
  static DefinitionWait none() {
    return new DefinitionWait(Duration.ZERO, Clock.systemUTC());
  }

  /** Whether a row of this table, which nobody knows, has to wait. */
  boolean waitsFor(TableName table) {
    if (limit.isZero()) {
      return false;
    }
    long now = clock.millis();
    return now - missedSince.computeIfAbsent(table, first -> now) < limit.toMillis();
  }

  /** The table is known now. */
  void found(TableName table) {
    if (!missedSince.isEmpty()) {
      missedSince.remove(table);
    }
  }
}
