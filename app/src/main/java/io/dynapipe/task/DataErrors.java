package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.settings.ErrorPolicy;
import io.dynapipe.mapping.settings.ErrorSettings;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.sink.QuarantineEntry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What becomes of a task when records cannot be applied, as {@code ErrorBehavior} says. The records
 * themselves are in quarantine by then. Thread-safe.
 */
final class DataErrors {

  /** Suspends the table that has this name at the target. */
  interface Suspension {
    void suspend(TableName target, PipelineException cause);
  }

  private final ErrorSettings settings;
  private final Suspension suspension;
  private final Map<TableName, Long> counts = new ConcurrentHashMap<>();

  DataErrors(ErrorSettings settings, Suspension suspension) {
    this.settings = settings;
    this.suspension = suspension;
  }

  /**
   * Looks at what a batch came to.
   *
   * @throws PipelineException (permanent) when that stops the task
   */
  void check(BatchOutcome outcome) {
    for (Map.Entry<TableName, TableCounts> entry : outcome.counts().entrySet()) {
      long quarantined = entry.getValue().quarantined();
      if (quarantined > 0) {
        long all = counts.merge(entry.getKey(), quarantined, Long::sum);
        act(entry.getKey(), all, outcome);
      }
    }
  }

  private void act(TableName table, long all, BatchOutcome outcome) {
    int limit = settings.dataEscalationCount();
    ErrorPolicy policy = limit > 0 && all >= limit ? settings.dataEscalation() : settings.data();
    if (policy == ErrorPolicy.IGNORE_RECORD || policy == ErrorPolicy.LOG_ERROR) {
      return;
    }
    String reason =
        outcome.setAside().stream().map(QuarantineEntry::reason).findFirst().orElse("unknown");
    PipelineException cause =
        PipelineException.permanent(
            all + " records of " + table + " could not be applied, the first one now: " + reason,
            "They are in quarantine; cure the cause, then dynapipe quarantine retry, and start"
                + " again. ErrorBehavior says what such a record stops.",
            null);
    if (policy == ErrorPolicy.STOP_TASK) {
      throw cause;
    }
    suspension.suspend(table, cause);
  }
}
