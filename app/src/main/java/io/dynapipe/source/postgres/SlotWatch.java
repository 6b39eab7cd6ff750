package io.dynapipe.source.postgres;

import io.dynapipe.config.ByteSizes;
import io.dynapipe.error.PipelineException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches in a thread of its own how much WAL the source keeps for a slot, and writes the
 * heartbeat. Thread-safe.
 */
public final class SlotWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SlotWatch.class);

  /** Carries nothing and belongs to no transaction; every role may write it. */
  private static final String HEARTBEAT =
      "SELECT pg_logical_emit_message(false, 'dynapipe', 'heartbeat')";

  private static final int STEPS = 10;

  private final PostgresServer server;
  private final String slot;
  private final PostgresSettings settings;
  private final Duration interval;
  private final Consumer<SlotState> onState;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private long warnedStep = STEPS / 2 - 1;
  private long lastBeat = System.nanoTime();
  private volatile boolean overBudget;

  /**
   * A watch, which begins with {@link #start}.
   *
   * @param interval how often to look
   * @param onState told what was seen
   */
  public SlotWatch(
      PostgresServer server,
      String slot,
      PostgresSettings settings,
      Duration interval,
      Consumer<SlotState> onState) {
    this.server = server;
    this.slot = slot;
    this.settings = settings;
    this.interval = interval;
    this.onState = onState;
    this.thread = new Thread(this::run, "dynapipe-slot-" + slot);
    thread.setDaemon(true);
  }

  /** Begins watching. */
  public SlotWatch start() {
    thread.start();
    return this;
  }

  /** Whether the slot keeps more than its budget and is to be dropped for that. */
  public boolean mustDrop() {
    return overBudget && settings.dropsSlot();
  }

  /** What to tell when {@link #mustDrop}. */
  public PipelineException exceeded() {
    return PipelineException.environment(
        "the source kept more WAL for the replication slot "
            + slot
            + " than its budget of "
            + ByteSizes.format(settings.walBudgetBytes())
            + ": the slot is dropped, so that the source's disk does not fill",
        "Find out why the changes were not taken (target down, too slow, or a transaction that is"
            + " open for long), then load again (reload-target).",
        null);
  }

  private void run() {
    try {
      do {
        try {
          look();
        } catch (PipelineException | SQLException e) {
          LOG.debug("the slot is not seen: {}", e.getMessage());
        }
      } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws SQLException {
    beat();
    SlotState state = server.slots().state(slot);
    if (state == null) {
      return;
    }
    onState.accept(state);
    long budget = settings.walBudgetBytes();
    long step = budget <= 0 ? 0 : (long) ((double) state.retainedBytes() / budget * STEPS);
    if (step > warnedStep) {
      LOG.warn(
          "the source keeps {} MiB of WAL for the replication slot {}, {} % of its budget of {};"
              + " changes up to {} are confirmed",
          state.retainedBytes() >> 20,
          slot,
          step * (100 / STEPS),
          ByteSizes.format(budget),
          state.confirmedFlush());
    }
    warnedStep = Math.max(STEPS / 2 - 1, step);
    overBudget = budget > 0 && state.retainedBytes() > budget;
  }

  private void beat() throws SQLException {
    Duration heartbeat = settings.heartbeat();
    if (heartbeat == null || System.nanoTime() - lastBeat < heartbeat.toNanos()) {
      return;
    }
    lastBeat = System.nanoTime();
    try (Connection connection = server.connections().query();
        Statement statement = connection.createStatement()) {
      statement.execute(HEARTBEAT);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
