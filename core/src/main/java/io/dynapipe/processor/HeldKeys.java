package io.dynapipe.processor;

import io.dynapipe.event.RowKey;
import io.dynapipe.event.TableName;
import io.dynapipe.sink.Quarantine;
import io.dynapipe.sink.QuarantineHold;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys and tables have records in quarantine, so that their later records follow them. Read
 * again from time to time, since a person may empty the quarantine from another process. One thread
 * at a time.
 */
final class HeldKeys {

  private static final Duration REREAD_AFTER = Duration.ofSeconds(5);

  private final Quarantine quarantine;
  private final Clock clock;
  private Set<QuarantineHold> holds = new HashSet<>();
  private @Nullable Instant readAt;

  HeldKeys(Quarantine quarantine, Clock clock) {
    this.quarantine = quarantine;
    this.clock = clock;
  }

  /** To be called at the start of each batch. */
  void refresh() {
    Instant now = clock.instant();
    if (readAt == null || readAt.plus(REREAD_AFTER).isBefore(now)) {
      holds = new HashSet<>(quarantine.holds());
      readAt = now;
    }
  }

  /** To be read again at the next batch: what was added may not have become durable. */
  void forget() {
    readAt = null;
  }

  void add(QuarantineHold hold) {
    holds.add(hold);
  }

  boolean holdsTable(TableName table) {
    return !holds.isEmpty() && holds.contains(hold(table));
  }

  boolean holdsKey(TableName table, RowKey key) {
    return !holds.isEmpty() && holds.contains(hold(table, key));
  }

  static QuarantineHold hold(TableName table) {
    return new QuarantineHold(table.toString(), "");
  }

  static QuarantineHold hold(TableName table, RowKey key) {
    return new QuarantineHold(table.toString(), key.toString());
  }
}
