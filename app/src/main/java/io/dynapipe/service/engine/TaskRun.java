package io.dynapipe.service.engine;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.transform.TablePlan;
import io.dynapipe.retry.Backoff;
import io.dynapipe.service.engine.TableFigures.State;
import io.dynapipe.service.engine.TaskLog.Component;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.task.CaptureEnd;
import io.dynapipe.task.CaptureProgress.Phase;
import io.dynapipe.task.CaptureTask;
import io.dynapipe.task.Sources;
import io.dynapipe.task.StoredProgress;
import io.dynapipe.task.TaskStatistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a task, in a thread of its own, until it is stopped, done, or fails. Runs once. */
final class TaskRun implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);

  /** As {@code RecoverableErrorInterval} and {@code RecoverableErrorThrottlingMax}. */
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private static final long POLL_MILLIS = 50;

  /** How a run begins. */
  enum Begin {
    /** Slot and progress of earlier runs are dropped first. */
    FRESH,
    RESUMED,
    /** After the service itself was restarted: a source that is down is waited for. */
    RECOVERED
  }

  private final TaskPlan plan;
  private final Begin begin;
  private final StreamHub hub;
  private final TaskRecord record;
  private final RunListener listener;
  private final TaskLog log;
  private final StoredProgress stored;
  private final WatchedProgress progress;
  private final PostgresServer server;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile TaskStatistics statistics = new TaskStatistics();
  private volatile boolean wasRunning;
  private volatile boolean reloadRequested;
  private volatile long waitsSince;

  TaskRun(
      TaskPlan plan,
      Begin begin,
      StreamHub hub,
      TaskRecord record,
      StoredProgress stored,
      TaskLog log,
      RunListener listener) {
    this.plan = plan;
    this.begin = begin;
    this.hub = hub;
    this.record = record;
    this.stored = stored;
    this.log = log;
    this.listener = listener;
    this.server = Sources.open(plan.source());
    this.progress = new WatchedProgress(stored, server, record, log);
    this.wasRunning = begin == Begin.RECOVERED;
    this.reloadRequested = !stored.requestedReload().isEmpty();
  }

  /** Makes the run end soon. */
  void stop() {
    stopped.countDown();
  }

  /** Since when it waits for its source, as System.nanoTime tells; 0 when it works. */
  long waitsSince() {
    return waitsSince;
  }

  private boolean isStopping() {
    return stopped.getCount() == 0;
  }

  /**
   * Loads tables again: at once when changes are streamed, else when the load that runs has ended.
   *
   * @throws PipelineException (input) when a table has no key: its rows would stand there twice
   */
  void reload(Set<TableName> tables) {
    for (SourceTable table : progress.tables()) {
      if (tables.contains(table.name()) && !table.schema().hasPrimaryKey()) {
        throw PipelineException.input(
            "table " + table.name() + " has no primary key and cannot be reloaded alone",
            "Start the task with reload-target.");
      }
    }
    stored.requestReload(tables);
    reloadRequested = true;
  }

  /** Whether tables wait to be loaded again, and can be now. */
  private boolean isReloading() {
    return reloadRequested && hasLoaded(stored.phase());
  }

  private static boolean hasLoaded(Phase phase) {
    return switch (phase) {
      case NEW, FULL_LOAD -> false;
      case CDC, DONE -> true;
    };
  }

  @Override
  public void run() {
    try {
      CaptureEnd end = work();
      record.end();
      log.info(Component.TASK_MANAGER, "Task '" + plan.label() + "' ended: " + end);
      listener.ended(end);
    } catch (PipelineException e) {
      fail(e);
    } catch (InterruptedException e) {
      record.end();
      listener.ended(CaptureEnd.NORMAL);
    } catch (RuntimeException | Error e) {
      LOG.error("task {} met a defect", plan.label(), e);
      fail(PipelineException.permanent("the task ended by a defect: " + e, null, e));
    }
  }

  private void fail(PipelineException e) {
    log.error(Component.TASK_MANAGER, describe(e));
    record.end();
    if (isStopping()) {
      listener.ended(CaptureEnd.NORMAL);
    } else {
      listener.failed(e);
    }
  }

  private static String describe(PipelineException e) {
    return e.cure() == null ? String.valueOf(e.getMessage()) : e.getMessage() + " " + e.cure();
  }

  private CaptureEnd work() throws InterruptedException {
    log.info(
        Component.TASK_MANAGER,
        "Task '"
            + plan.label()
            + "' starting "
            + plan.definition().migrationType()
            + " in "
            + (begin == Begin.FRESH ? "fresh start" : "resume")
            + " mode");
    plan.notes().forEach(note -> log.warn(Component.TASK_MANAGER, note));
    if (begin == Begin.FRESH) {
      cleanUpSource();
      stored.reset();
      record.reset();
      reloadRequested = false;
    }
    hub.revive(plan.stream());
    for (int attempt = 1; !isStopping(); attempt++) {
      try {
        CaptureEnd end = captureOnce();
        if (!isReloading()) {
          return drained(end);
        }
        prepareReload();
        attempt = 0;
      } catch (PipelineException e) {
        boolean permanent =
            e.kind() == PipelineException.Kind.INPUT
                || e.kind() == PipelineException.Kind.PERMANENT;
        if (permanent || !wasRunning || isStopping()) {
          throw e;
        }
        waitsSince = waitsSince == 0 ? System.nanoTime() : waitsSince;
        Duration delay = BACKOFF.delay(attempt, ThreadLocalRandom.current());
        log.error(
            Component.TASK_MANAGER,
            describe(e) + " The task goes on in " + delay.toMillis() + " ms.");
        if (stopped.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
          return CaptureEnd.NORMAL;
        }
      }
    }
    return CaptureEnd.NORMAL;
  }

  private CaptureTask capture(RecordWriter writer) {
    return new CaptureTask(plan.definition(), server, writer, progress, statistics);
  }

  private RecordWriter writer() {
    KinesisUrl kinesis = plan.kinesis();
    return kinesis == null
        ? hub.writer(plan.stream())
        : KinesisTarget.open(kinesis, plan.definition().dms().beforeImageField(), record::applied);
  }

  private CaptureEnd captureOnce() throws InterruptedException {
    CaptureEnd end;
    statistics = new TaskStatistics();
    record.begin(plan.stream(), statistics);
    try (RecordWriter writer = writer()) {
      CaptureTask capture = capture(writer);
      List<SourceTable> tables = capture.preflight();
      progress.tables(tables);
      tables.forEach(this::followRules);
      record.known(
          tables.stream().map(SourceTable::name).toList(),
          plan.definition().migrationType().loads() ? State.BEFORE_LOAD : State.COMPLETED);
      wasRunning = true;
      waitsSince = 0;
      listener.running();
      end = capture.run(() -> isStopping() || isReloading() || hub.failure(plan.stream()) != null);
    }
    PipelineException failure = hub.failure(plan.stream());
    if (failure != null) {
      throw failure;
    }
    return end;
  }

  /** Figures are told by the source's names, and rules without effect are told at all. */
  private void followRules(SourceTable table) {
    TablePlan rules = plan.definition().mappings().plan(table.schema());
    record.renamed(table.name(), rules.target().table());
    for (String warning : rules.warnings()) {
      log.warn(Component.TABLES_MANAGER, table.name() + ": " + warning);
    }
  }

  /**
   * Rows that were read before are applied first: they are followed by the newly loaded ones, whose
   * count begins at zero.
   */
  private void prepareReload() throws InterruptedException {
    if (!awaitApplied()) {
      return;
    }
    reloadRequested = false;
    Set<TableName> tables = stored.requestedReload();
    log.info(Component.TABLES_MANAGER, "Reload of tables requested: " + tables);
    record.reloading(tables);
    stored.reload(tables);
  }

  /** A capture that has ended by itself is done when the target has it all. */
  private CaptureEnd drained(CaptureEnd end) throws InterruptedException {
    return end == CaptureEnd.NORMAL || awaitApplied() ? end : CaptureEnd.NORMAL;
  }

  /** Whether the target has all that was written; false when it was told to stop before. */
  private boolean awaitApplied() throws InterruptedException {
    Map<String, Long> ends = hub.ends(plan.stream());
    while (plan.kinesis() == null && !hub.hasApplied(plan.stream(), ends)) {
      if (isStopping()) {
        return false;
      }
      PipelineException failure = hub.failure(plan.stream());
      if (failure != null) {
        throw failure;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return true;
  }

  /** Removes slot and publication from the source. */
  void cleanUp() throws InterruptedException {
    if (stored.phase() != Phase.NEW || begin == Begin.FRESH) {
      cleanUpSource();
    }
  }

  private void cleanUpSource() throws InterruptedException {
    CaptureTask.cleanUp(plan.definition(), server, stored);
    String own = stored.ownSlot();
    if (!own.isEmpty() && !own.equals(stored.slot())) {
      // Of runs before the endpoint named a slot; the source would keep WAL for it for ever.
      server.slots().drop(own);
      server.publications().drop(own);
    }
  }
}
