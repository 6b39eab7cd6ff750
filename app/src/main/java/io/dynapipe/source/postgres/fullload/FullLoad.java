package io.dynapipe.source.postgres.fullload;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.source.LoadHandlers;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.ExportedSnapshot;
import io.dynapipe.source.postgres.PostgresConnections;
import io.dynapipe.source.postgres.SourceTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A full load: every row of some tables as one snapshot shows them, read by several connections.
 * Planned once, run once.
 */
public final class FullLoad {

  private static final long POLL_MILLIS = 100;

  private final PostgresConnections connections;
  private final Map<TableName, SourceTable> tables = new HashMap<>();
  private final List<SourceTable> order;
  private final List<LoadRange> ranges = new ArrayList<>();
  private final List<LoadTask> tasks = new ArrayList<>();
  private final int maxReaders;
  private final TableReading.Chooser readings;
  private final Clock clock;

  /** Plans the load; tables are read in the order given. */
  public FullLoad(PostgresConnections connections, List<SourceTable> tables, LoadOptions options) {
    this(connections, tables, options, Clock.systemUTC());
  }

  /**
   * Plans the load.
   *
   * @param clock gives the time of events
   */
  public FullLoad(
      PostgresConnections connections, List<SourceTable> tables, LoadOptions options, Clock clock) {
    this.connections = connections;
    this.clock = clock;
    this.order = List.copyOf(tables);
    this.readings = options.readings();
    for (SourceTable table : tables) {
      this.tables.put(table.name(), table);
      List<LoadRange> left = RangePlan.of(table, options);
      ranges.addAll(left);
      left.forEach(range -> tasks.add(new LoadTask(range, 0)));
      if (options.first() != null) {
        tasks.addAll(RangePlan.changedRows(table, options.done(), options.first()));
      }
    }
    int processors = Runtime.getRuntime().availableProcessors();
    maxReaders = Math.max(1, Math.min(options.maxReaders(), Math.max(2, processors)));
  }

  /** What is left to read, without the rows that are read again. */
  public List<LoadRange> ranges() {
    return List.copyOf(ranges);
  }

  /**
   * Reads all ranges and returns when all rows have been handed over, or when it was told to stop.
   * The snapshot must stay open meanwhile.
   *
   * @param stop asked now and then by every thread
   * @return whether everything was read
   * @throws PipelineException as the first reader or handler that failed threw it; the other
   *     readers have ended by then. Retryable when the source was lost: what was reported done
   *     stays done
   */
  public boolean run(ExportedSnapshot snapshot, LoadHandlers handlers, BooleanSupplier stop)
      throws InterruptedException {
    announce(handlers);
    LoadQueue queue = new LoadQueue(tasks, stop);
    List<LoadWorker> workers = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(maxReaders, tasks.size()); i++) {
        RangeReader reader = new RangeReader(connections, snapshot.name(), readings, clock);
        LoadWorker worker = new LoadWorker(i, reader, queue, tables, handlers);
        workers.add(worker);
        worker.start();
      }
      while (workers.stream().anyMatch(LoadWorker::isAlive)) {
        workers.get(0).join(POLL_MILLIS);
        awaitOthers(workers);
        if (queue.mustEnd()) {
          workers.forEach(LoadWorker::cancel);
        }
      }
    } finally {
      queue.end();
      workers.forEach(LoadWorker::cancel);
      joinAll(workers);
    }
    queue.throwFailure();
    return queue.isDrained();
  }

  private static void awaitOthers(List<LoadWorker> workers) throws InterruptedException {
    if (!workers.get(0).isAlive() && workers.stream().anyMatch(LoadWorker::isAlive)) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private static void joinAll(List<LoadWorker> workers) throws InterruptedException {
    for (LoadWorker worker : workers) {
      while (worker.isAlive()) {
        worker.cancel();
        worker.join(POLL_MILLIS);
      }
    }
  }

  /** Each table that is still to be read, before any of its rows. */
  private void announce(LoadHandlers handlers) throws InterruptedException {
    Set<TableName> left = new HashSet<>();
    tasks.forEach(task -> left.add(task.range().table()));
    for (SourceTable table : order) {
      if (left.contains(table.name())) {
        handlers.onTable(TableChange.create(table.schema(), Origin.now(clock)));
      }
    }
  }
}
