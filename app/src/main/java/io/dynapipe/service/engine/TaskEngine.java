package io.dynapipe.service.engine;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.service.engine.TaskRun.Begin;
import io.dynapipe.service.logs.LogStore;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.embedded.EmbeddedStore;
import io.dynapipe.task.CaptureEnd;
import io.dynapipe.task.CaptureProgress.Phase;
import io.dynapipe.task.StoredProgress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks, several at a time, each in a thread of its own with a slot of its own; and keeps
 * their figures. Thread-safe.
 */
public final class TaskEngine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TaskEngine.class);
  private static final Duration STORE_INTERVAL = Duration.ofSeconds(2);

  /** A writer that waits for a full stream sees no request to stop. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

  /** Where the progress of a task is stored. */
  private static final String PROGRESS = "task/";

  private record Running(TaskRun run, Thread thread) {}

  private final EmbeddedStore store;
  private final LogStore logs;
  private final Clock clock;
  private final StreamHub hub;
  private final Map<String, TaskRecord> records = new ConcurrentHashMap<>();
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Meters meters;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "dynapipe-engine");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * An engine; streams that are there are applied from now on.
   *
   * @param openSink called until it gives a sink
   */
  public TaskEngine(EmbeddedStore store, LogStore logs, Clock clock, Supplier<Sink> openSink) {
    this.store = store;
    this.logs = logs;
    this.clock = clock;
    this.hub = new StreamHub(store, openSink, this::applied);
    this.meters = new Meters(clock, hub, running::keySet, this::record);
  }

  /** Begins to apply what is in the streams; the figures of these tasks count it. */
  public void open(List<String> taskIds) {
    taskIds.forEach(this::record);
    hub.openAll();
    long interval = STORE_INTERVAL.toMillis();
    var unused =
        timer.scheduleWithFixedDelay(this::housekeep, interval, interval, TimeUnit.MILLISECONDS);
    meters.start();
  }

  private void housekeep() {
    try {
      hub.retrySink();
      records.values().forEach(TaskRecord::store);
    } catch (RuntimeException e) {
      LOG.warn("figures could not be stored; they are at the next time", e);
    }
  }

  private TaskRecord record(String taskId) {
    return records.computeIfAbsent(
        taskId, id -> new TaskRecord(store.taskState("figures/" + id), clock));
  }

  /** To look at: no slot is thought of for a task that has none. */
  private StoredProgress progress(String taskId) {
    return new StoredProgress(store.taskState(PROGRESS + taskId), "");
  }

  private void applied(String stream, BatchOutcome outcome) {
    meters.applied(outcome);
    for (Map.Entry<TableName, TableCounts> table : outcome.counts().entrySet()) {
      List<TaskRecord> owners =
          records.values().stream()
              .filter(r -> r.stream().equals(stream) && r.knows(table.getKey()))
              .toList();
      // Events do not tell which of several tasks wrote them: each counts up to what it captured.
      TableCounts rest = table.getValue();
      for (int i = 0; i + 1 < owners.size(); i++) {
        rest = owners.get(i).appliedOwn(table.getKey(), rest);
      }
      if (!owners.isEmpty()) {
        owners.get(owners.size() - 1).applied(table.getKey(), rest);
      }
    }
  }

  /** What is measured over time. */
  public Meters meters() {
    return meters;
  }

  /** The stream that a task writes to; empty before its first run. */
  public String streamOf(String taskId) {
    return record(taskId).stream();
  }

  /** Since when a running task waits for its source, as System.nanoTime tells; 0 when it works. */
  public long waitsSince(String taskId) {
    Running entry = running.get(taskId);
    return entry == null ? 0 : entry.run().waitsSince();
  }

  /** The streams, by name. */
  public StreamHub streams() {
    return hub;
  }

  /**
   * Opens the stream of this name.
   *
   * @throws PipelineException when it cannot be
   */
  public void openStream(String name) {
    var unused = hub.open(name);
  }

  /** Whether the task has done anything that a resume would go on from. */
  public boolean hasBegun(String taskId) {
    return progress(taskId).phase() != Phase.NEW;
  }

  /** Starts a task from the beginning: what earlier runs left at the source is dropped. */
  public void startFresh(TaskPlan plan, RunListener listener) {
    start(plan, Begin.FRESH, listener);
  }

  /** Starts a task from where it stopped. */
  public void resume(TaskPlan plan, RunListener listener) {
    start(plan, Begin.RESUMED, listener);
  }

  /** Starts a task that ran when the service ended. */
  public void recover(TaskPlan plan, RunListener listener) {
    start(plan, Begin.RECOVERED, listener);
  }

  private void start(TaskPlan plan, Begin begin, RunListener listener) {
    TaskRun run = run(plan, begin, listener);
    Thread thread = new Thread(run, "dynapipe-task-" + plan.label());
    thread.setDaemon(true);
    Running entry = new Running(run, thread);
    if (running.putIfAbsent(plan.id(), entry) != null) {
      throw new IllegalStateException("task " + plan.label() + " runs already");
    }
    thread.start();
  }

  private TaskRun run(TaskPlan plan, Begin begin, RunListener listener) {
    return new TaskRun(
        plan,
        begin,
        hub,
        record(plan.id()),
        new StoredProgress(
            store.taskState(PROGRESS + plan.id()), plan.definition().source().slot()),
        new TaskLog(logs, plan, clock),
        new RunListener() {
          @Override
          public void running() {
            listener.running();
          }

          @Override
          public void ended(CaptureEnd end) {
            running.remove(plan.id());
            listener.ended(end);
          }

          @Override
          public void failed(PipelineException failure) {
            running.remove(plan.id());
            listener.failed(failure);
          }
        });
  }

  /** Makes a task end soon; its listener is told. False when it does not run. */
  public boolean stop(String taskId) {
    Running entry = running.get(taskId);
    if (entry == null) {
      return false;
    }
    entry.run().stop();
    var unused =
        timer.schedule(
            () -> entry.thread().interrupt(), STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    return true;
  }

  /** Loads tables of a running task again. False when it does not run. */
  public boolean reload(String taskId, Set<TableName> tables) {
    Running entry = running.get(taskId);
    if (entry == null) {
      return false;
    }
    entry.run().reload(tables);
    return true;
  }

  /**
   * Removes what a task has at its source, and what is known of it here.
   *
   * @throws PipelineException when the source cannot be reached: nothing is forgotten then
   */
  public void delete(TaskPlan plan) throws InterruptedException {
    RunListener nobody =
        new RunListener() {
          @Override
          public void running() {}

          @Override
          public void ended(CaptureEnd end) {}

          @Override
          public void failed(PipelineException failure) {}
        };
    run(plan, Begin.RESUMED, nobody).cleanUp();
    forget(plan.id());
  }

  /** Forgets a task, whatever it may have left at its source. */
  public void forget(String taskId) {
    meters.forget(taskId);
    TaskRecord record = records.remove(taskId);
    if (record != null) {
      record.reset();
    }
    store.taskState(PROGRESS + taskId).clear();
  }

  /** The name of a task's own slot and publication at the source; empty when it has none. */
  public String slot(String taskId) {
    return progress(taskId).ownSlot();
  }

  /** What a task has done, by table. */
  public List<TableFigures> figures(String taskId) {
    return record(taskId).figures();
  }

  /** Where a task goes on; empty before it has a slot. */
  public String position(String taskId) {
    StoredProgress progress = progress(taskId);
    Phase phase = progress.phase();
    return phase == Phase.NEW || phase == Phase.DONE || progress.position().isNone()
        ? ""
        : progress.position().toString();
  }

  /** Commit time of the last captured change, microseconds since 1970; 0 when there is none. */
  public long lastCommitMicros(String taskId) {
    return record(taskId).lastCommitMicros();
  }

  /** Ids of the tasks that run now. */
  public Set<String> running() {
    return Set.copyOf(running.keySet());
  }

  /** Stops all tasks without a change of their state: they run again after a restart. */
  @Override
  public void close() {
    List<Running> all = new ArrayList<>(running.values());
    all.forEach(entry -> entry.run().stop());
    try {
      for (Running entry : all) {
        entry.thread().join(STOP_PATIENCE.toMillis());
        entry.thread().interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timer.shutdownNow();
    meters.close();
    hub.close();
    records.values().forEach(TaskRecord::store);
  }
}
