package io.dynapipe.service.engine;

import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.TableCounts;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at tasks and streams each second, and keeps what it saw for some minutes. Thread-safe. */
public final class Meters implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Meters.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** When a stream last moved. */
  private record Moved(long handled, long nanoTime) {}

  private final Clock clock;
  private final StreamHub hub;
  private final Supplier<Set<String>> running;
  private final Function<String, TaskRecord> record;
  private final Map<String, TaskMeter> tasks = new ConcurrentHashMap<>();
  private final Map<String, Moved> moved = new ConcurrentHashMap<>();
  private final LongAdder appliedRows = new LongAdder();
  private final LongAdder quarantined = new LongAdder();
  private final QuarantineGauge quarantine;
  private volatile Map<String, StreamGauges> streams = Map.of();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "dynapipe-meters");
            thread.setDaemon(true);
            return thread;
          });

  Meters(
      Clock clock,
      StreamHub hub,
      Supplier<Set<String>> running,
      Function<String, TaskRecord> record) {
    this.clock = clock;
    this.hub = hub;
    this.running = running;
    this.record = record;
    this.quarantine = new QuarantineGauge(hub::openedSink);
  }

  void start() {
    long interval = INTERVAL.toMillis();
    quarantine.start();
    var unused = timer.scheduleAtFixedRate(this::look, interval, interval, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      Map<String, StreamGauges> seen = new HashMap<>();
      for (String name : hub.names()) {
        StreamGauges gauges = hub.gauges(name);
        if (gauges != null) {
          seen.put(name, gauges);
          move(gauges);
        }
      }
      streams = Map.copyOf(seen);
      long now = clock.millis();
      for (String id : running.get()) {
        TaskRecord task = record.apply(id);
        tasks
            .computeIfAbsent(id, key -> new TaskMeter())
            .add(now, task.totals(), seen.get(task.stream()));
      }
    } catch (RuntimeException e) {
      LOG.warn("tasks could not be measured", e);
    }
  }

  private void move(StreamGauges gauges) {
    Moved last = moved.get(gauges.name());
    if (last == null || last.handled() != gauges.handled() || gauges.waiting() == 0) {
      moved.put(gauges.name(), new Moved(gauges.handled(), System.nanoTime()));
    }
  }

  void applied(BatchOutcome outcome) {
    TableCounts total = outcome.total();
    appliedRows.add(total.rows());
    if (!outcome.setAside().isEmpty()) {
      quarantined.add(outcome.setAside().size());
      quarantine.changed();
    }
  }

  void forget(String taskId) {
    tasks.remove(taskId);
  }

  /** A task's samples later than a moment, oldest first. */
  public List<Sample> samples(String taskId, long afterMillis) {
    TaskMeter meter = tasks.get(taskId);
    return meter == null ? List.of() : meter.since(afterMillis);
  }

  /** The last sample of a task that runs; null when there is none. */
  public @Nullable Sample last(String taskId) {
    TaskMeter meter = tasks.get(taskId);
    return meter == null || !running.get().contains(taskId) ? null : meter.last();
  }

  /** The streams as last seen, by name. */
  public Map<String, StreamGauges> streams() {
    return streams;
  }

  /** Streams with records that wait, none of which was applied for so long. */
  public List<StreamGauges> stalled(Duration patience) {
    List<StreamGauges> stalled = new ArrayList<>();
    for (StreamGauges gauges : streams.values()) {
      Moved last = moved.get(gauges.name());
      if (gauges.waiting() > 0
          && last != null
          && System.nanoTime() - last.nanoTime() > patience.toNanos()) {
        stalled.add(gauges);
      }
    }
    return stalled;
  }

  /** Rows applied since the service started. */
  public long appliedRows() {
    return appliedRows.sum();
  }

  /** Records set aside since the service started. */
  public long quarantined() {
    return quarantined.sum();
  }

  /** Entries in the sink's quarantine a few seconds ago; null when they cannot be counted. */
  public @Nullable Long quarantineEntries() {
    return quarantine.count();
  }

  @Override
  public void close() {
    quarantine.close();
    timer.shutdownNow();
  }
}
