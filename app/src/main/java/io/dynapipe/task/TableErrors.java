package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.settings.ErrorPolicy;
import io.dynapipe.mapping.settings.ErrorSettings;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a table that cannot go on, as {@code ErrorBehavior} says: it is suspended, or the
 * task ends. Nothing of a suspended table goes into the stream, since it would have gaps; it is
 * loaded again when the task starts again or when it is reloaded. Thread-safe.
 */
final class TableErrors {

  private static final Logger LOG = LoggerFactory.getLogger(TableErrors.class);

  private final ErrorSettings settings;
  private final CaptureProgress progress;
  private final TaskStatistics statistics;
  private final ControlRows control;
  private final Set<TableName> suspended = ConcurrentHashMap.newKeySet();

  TableErrors(
      ErrorSettings settings,
      CaptureProgress progress,
      TaskStatistics statistics,
      ControlRows control) {
    this.settings = settings;
    this.control = control;
    this.progress = progress;
    this.statistics = statistics;
    progress.suspended().forEach(statistics::suspended);
  }

  /**
   * A table cannot go on.
   *
   * @throws PipelineException the cause, when that stops the task; (permanent) when too many tables
   *     are suspended
   */
  void suspend(TableName table, PipelineException cause) {
    if (settings.table() == ErrorPolicy.STOP_TASK) {
      throw cause;
    }
    String reason = text(cause);
    progress.suspend(table, reason);
    statistics.suspended(table, reason);
    suspended.add(table);
    control.suspended(table);
    LOG.error("{} is suspended, the other tables go on: {}", table, reason);
    int limit = settings.tableEscalationCount();
    if (limit > 0 && progress.suspended().size() >= limit) {
      throw PipelineException.permanent(
          progress.suspended().size() + " tables are suspended, the last one: " + reason,
          "Cure the causes and start again, or raise TableErrorEscalationCount.",
          cause);
    }
  }

  /** A table cannot be loaded. */
  void loadFailed(TableName table, PipelineException cause) {
    control.loadFailed(table, cause);
    suspend(table, cause);
  }

  private static String text(PipelineException cause) {
    return cause.cure() == null
        ? String.valueOf(cause.getMessage())
        : cause.getMessage() + " " + cause.cure();
  }

  /** The table goes on, with all its rows loaded again. */
  void resume(TableName table) {
    suspended.remove(table);
    if (progress.suspended().containsKey(table)) {
      progress.resume(table);
      statistics.resumed(table);
      control.resumed(table);
    }
  }

  /** All its rows are about to come again. */
  void loadsAgain(TableName table) {
    suspended.remove(table);
  }

  /** Whether events of this table are left out. */
  boolean isSuspended(TableName table) {
    return !suspended.isEmpty() && suspended.contains(table);
  }

  /** Whether a failure is one of the table that was worked on, and of nothing else. */
  static boolean isOfTable(PipelineException failure) {
    return failure.kind() == PipelineException.Kind.PERMANENT
        || failure.kind() == PipelineException.Kind.INPUT;
  }
}
