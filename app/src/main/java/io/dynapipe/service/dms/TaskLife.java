package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.engine.RunListener;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.engine.TaskPlan;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import io.dynapipe.task.CaptureEnd;
import io.dynapipe.task.MigrationType;
import io.dynapipe.task.StartType;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, stops and deletes tasks and serverless replications, and records what becomes of them.
 * Thread-safe: each change of state is one change in the registry.
 */
final class TaskLife {

  private static final Logger LOG = LoggerFactory.getLogger(TaskLife.class);
  private static final List<Kind> KINDS = List.of(Kind.TASK, Kind.CONFIG);

  private final Registry registry;
  private final TaskEngine engine;
  private final Plans plans;
  private final Events events;
  private final Executor worker;
  private final Clock clock;
  private volatile boolean closing;

  TaskLife(
      Registry registry,
      TaskEngine engine,
      Plans plans,
      Events events,
      Executor worker,
      Clock clock) {
    this.registry = registry;
    this.engine = engine;
    this.plans = plans;
    this.events = events;
    this.worker = worker;
    this.clock = clock;
  }

  /** Goes on with what a crash has interrupted. */
  void recover() {
    for (Kind kind : KINDS) {
      for (Resource task : registry.all(kind)) {
        switch (RunState.status(task)) {
          case RunState.STARTING, RunState.RUNNING -> worker.execute(() -> run(task, again(task)));
          case RunState.STOPPING ->
              change(task, kept -> RunState.stopped(kept, "NORMAL", clock.millis()));
          case RunState.DELETING -> worker.execute(() -> finishDelete(task));
          default -> {}
        }
      }
    }
  }

  /** A fresh start that had not got as far as running begins anew. */
  private Consumer<TaskPlan> again(Resource task) {
    boolean fresh = RunState.status(task).equals(RunState.STARTING) && RunState.isFresh(task);
    return fresh
        ? plan -> engine.startFresh(plan, listener(task))
        : plan -> engine.recover(plan, listener(task));
  }

  /** From now on, tasks that end keep their state: they run again when the service does. */
  void close() {
    closing = true;
  }

  /**
   * Starts a task.
   *
   * @param beforeStart asked once the state is right; throws when something else is not
   * @return the task as it starts
   * @throws Fault when it may not start, or not in this way
   */
  Resource start(Resource task, StartType type, Consumer<Resource> beforeStart) {
    Resource starting =
        registry.update(
            task.kind(),
            task.key(),
            r -> {
              requireResting(r, "started");
              boolean fresh = isFresh(r, type, Plans.migrationType(r));
              beforeStart.accept(r);
              makeStream(r);
              RunState.starting(r.kept(), type.toString(), fresh, clock.millis());
            });
    if (starting == null) {
      throw gone(task);
    }
    events.record(
        source(task),
        label(task),
        "state change",
        "Replication task started, with flag, "
            + (type == StartType.RESUME_PROCESSING ? "resume" : "fresh start"));
    Consumer<TaskPlan> begin =
        RunState.isFresh(starting)
            ? plan -> engine.startFresh(plan, listener(task))
            : plan -> engine.resume(plan, listener(task));
    worker.execute(() -> run(starting, begin));
    return starting;
  }

  /** Who is told that a task starts may read its stream at once, before the task is under way. */
  private void makeStream(Resource task) {
    String stream = plans.embeddedStream(task);
    if (stream != null) {
      engine.streams().make(stream);
    }
  }

  private static boolean isFresh(Resource task, StartType type, MigrationType migration) {
    boolean hasRun = RunState.hasRun(task);
    return switch (type) {
      case START_REPLICATION -> {
        if (hasRun && migration.loads()) {
          throw Fault.invalidCombination(
              "Start Type : START_REPLICATION, valid only for tasks running for the first time");
        }
        yield true;
      }
      case RESUME_PROCESSING -> {
        if (!hasRun) {
          throw Fault.invalidCombination(
              "Start Type : RESUME_PROCESSING, valid only for tasks that have run before");
        }
        yield false;
      }
      case RELOAD_TARGET -> {
        if (!migration.loads()) {
          throw Fault.invalidCombination(
              "Start Type : RELOAD_TARGET, not valid for tasks that only replicate changes");
        }
        yield true;
      }
    };
  }

  private void requireResting(Resource task, String what) {
    if (!RunState.isResting(task)) {
      throw Fault.invalidState(
          noun(task)
              + " "
              + label(task)
              + " cannot be "
              + what
              + ": it is "
              + RunState.status(task)
              + ".");
    }
  }

  /** The task is starting in the registry; whatever goes wrong from here makes it failed. */
  private void run(Resource task, Consumer<TaskPlan> begin) {
    try {
      begin.accept(plans.plan(task));
    } catch (PipelineException e) {
      fail(task, e);
    } catch (Fault e) {
      fail(task, PipelineException.input(Objects.toString(e.getMessage()), ""));
    } catch (RuntimeException e) {
      LOG.error("task {} could not be started", label(task), e);
      fail(task, PipelineException.permanent("a defect of the service: " + e, null, e));
    }
  }

  private RunListener listener(Resource task) {
    return new RunListener() {
      @Override
      public void running() {
        change(
            task,
            kept -> {
              if (kept.path("status").asText().equals(RunState.STARTING)) {
                kept.put("status", RunState.RUNNING);
              }
            });
      }

      @Override
      public void ended(CaptureEnd end) {
        if (!closing) {
          change(task, kept -> RunState.stopped(kept, end.name(), clock.millis()));
          events.record(source(task), label(task), "state change", "Replication task stopped");
        }
      }

      @Override
      public void failed(PipelineException failure) {
        fail(task, failure);
      }
    };
  }

  private void fail(Resource task, PipelineException e) {
    if (closing) {
      return;
    }
    String cure = e.cure() == null ? "" : " " + e.cure();
    LOG.warn("task {} failed: {}{}", label(task), e.getMessage(), cure);
    change(task, kept -> RunState.failed(kept, e.getMessage() + cure, clock.millis()));
    events.record(source(task), label(task), "failure", "Replication task failed");
  }

  private void change(Resource task, Consumer<ObjectNode> change) {
    registry.update(task.kind(), task.key(), r -> change.accept(r.kept()));
  }

  /**
   * Stops a task.
   *
   * @return the task as it stops
   * @throws Fault when it does not run
   */
  Resource stop(Resource task) {
    Resource stopping =
        registry.update(
            task.kind(),
            task.key(),
            r -> {
              String status = RunState.status(r);
              if (!status.equals(RunState.RUNNING) && !status.equals(RunState.STARTING)) {
                throw Fault.invalidState(
                    noun(task) + " " + label(task) + " is not running: it is " + status + ".");
              }
              r.kept().put("status", RunState.STOPPING);
            });
    if (stopping == null) {
      throw gone(task);
    }
    worker.execute(
        () -> {
          if (!engine.stop(Plans.id(task))) {
            change(task, kept -> RunState.stopped(kept, "NORMAL", clock.millis()));
          }
        });
    return stopping;
  }

  /**
   * Changes the definition of a task that does not run.
   *
   * @throws Fault when it runs
   */
  Resource modify(Resource task, Consumer<Resource> change) {
    Resource changed =
        registry.update(
            task.kind(),
            task.key(),
            r -> {
              requireResting(r, "modified");
              change.accept(r);
            });
    if (changed == null) {
      throw gone(task);
    }
    events.record(
        source(task), label(changed), "configuration change", "Replication task modified");
    return changed;
  }

  /**
   * Deletes a task that does not run, with its slot at the source.
   *
   * @return the task as it goes
   * @throws Fault when it runs
   */
  Resource delete(Resource task) {
    Resource deleting =
        registry.update(
            task.kind(),
            task.key(),
            r -> {
              requireResting(r, "deleted");
              r.kept().put("status", RunState.DELETING);
            });
    if (deleting == null) {
      throw gone(task);
    }
    worker.execute(() -> finishDelete(task));
    return deleting;
  }

  private void finishDelete(Resource task) {
    String id = Plans.id(task);
    try {
      if (RunState.hasRun(task)) {
        engine.delete(plans.plan(task));
      }
    } catch (PipelineException | Fault e) {
      // As with DMS, the task goes all the same; what is left is named, or the source would keep
      // WAL for a slot that nobody knows.
      LOG.warn("task {} may leave something at the source: {}", label(task), e.getMessage());
      events.record(source(task), label(task), "failure", left(engine.slot(id)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    engine.forget(id);
    registry.remove(task.kind(), task.key());
    events.record(source(task), label(task), "deletion", "Replication task deleted");
  }

  /**
   * What to do about what is left.
   *
   * @param slot empty when the task has none of its own
   */
  private static String left(String slot) {
    return "Replication task clean-up failed. "
        + (slot.isEmpty()
            ? "A publication of the name of the endpoint's slot may be left at the source: drop it"
                + " there with DROP PUBLICATION."
            : "Slot and publication "
                + slot
                + " may be left at the source: drop them there with pg_drop_replication_slot and"
                + " DROP PUBLICATION.");
  }

  private static Fault gone(Resource task) {
    return Fault.notFound(noun(task) + " " + task.key() + " not found.");
  }

  private static String noun(Resource task) {
    return task.kind() == Kind.TASK ? "Replication task" : "Replication";
  }

  private static Events.Source source(Resource task) {
    return task.kind() == Kind.TASK ? Events.Source.TASK : Events.Source.REPLICATION;
  }

  private static String label(Resource task) {
    return Plans.label(task);
  }
}
