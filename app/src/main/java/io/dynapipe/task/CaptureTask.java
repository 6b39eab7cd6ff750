package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.mapping.transform.TablePlan;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.ExportedSnapshot;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.pgoutput.ChangeStream;
import io.dynapipe.source.postgres.pgoutput.StreamConfig;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.task.CaptureProgress.Phase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables and changes of a source into a stream: slot first, full load from the snapshot
 * that the slot exports, then streaming from the slot's consistent point.
 *
 * <p>A load that goes on after a crash reads what is left from a new, later snapshot; the changes
 * between the two snapshots come again from the slot, which ends in the same rows.
 */
public final class CaptureTask {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureTask.class);

  /** The source may take a while to see that our last run has gone. */
  private static final Duration SLOT_PATIENCE = Duration.ofSeconds(15);

  private final TaskDefinition definition;
  private final PostgresServer server;
  private final RecordWriter writer;
  private final CaptureProgress progress;
  private final TaskStatistics statistics;
  private final TableSelection selection;
  private volatile Lsn durable = Lsn.NONE;

  public CaptureTask(
      TaskDefinition definition,
      PostgresServer server,
      RecordWriter writer,
      CaptureProgress progress,
      TaskStatistics statistics) {
    this.definition = definition;
    this.server = server;
    this.writer = writer;
    this.progress = progress;
    this.statistics = statistics;
    this.selection = Selections.of(definition.mappings(), definition.migrationType());
  }

  /** All changes up to here are in the stream; NONE before the first is. */
  public Lsn durable() {
    return durable;
  }

  /**
   * Checks what can be checked before anything is made or moved.
   *
   * @throws PipelineException (input, environment) with cause and cure
   */
  public List<SourceTable> preflight() {
    if (definition.migrationType().streams()) {
      server.requireLogical();
    }
    List<SourceTable> tables = server.tables(selection);
    if (tables.isEmpty()) {
      throw PipelineException.input(
          "no table of the source is selected",
          "Check the table mappings, or --tables schema.table, against the tables of the source"
              + " (names keep their case; % stands for any text).");
    }
    definition.mappings().requireOwnTargets(tables.stream().map(SourceTable::name).toList());
    for (SourceTable table : tables) {
      TablePlan plan = definition.mappings().plan(table.schema());
      plan.warnings().forEach(warning -> LOG.warn("{}: {}", table.name(), warning));
    }
    return tables;
  }

  /**
   * Does what is left to do, until told to stop or, without CDC, until all is loaded.
   *
   * @throws PipelineException as source or stream gave it; running again goes on from there
   */
  public void run(BooleanSupplier stop) throws InterruptedException {
    List<SourceTable> tables = preflight();
    switch (progress.phase()) {
      case NEW -> begin(tables, stop);
      case FULL_LOAD -> resumeLoad(tables, stop);
      case CDC -> stream(tables, progress.position(), stop);
      case DONE -> LOG.info("{}: the full load has ended before", definition.id());
    }
  }

  private void begin(List<SourceTable> tables, BooleanSupplier stop) throws InterruptedException {
    if (!definition.migrationType().streams()) {
      if (load(tables, server.exportSnapshot(), stop)) {
        progress.enter(Phase.DONE, Lsn.NONE);
      }
      return;
    }
    // The publication has to be there in the log before the first change that is decoded with it.
    server.publications().ensure(progress.slot(), tables);
    server.slots().drop(progress.slot());
    ExportedSnapshot snapshot = server.slots().create(progress.slot());
    Lsn start = snapshot.position();
    if (definition.migrationType().loads()) {
      progress.beginLoad(start, snapshot.transactions());
      if (!load(tables, snapshot, stop)) {
        return;
      }
    } else {
      snapshot.close();
      tell(tables);
    }
    progress.enter(Phase.CDC, start);
    stream(tables, start, stop);
  }

  private void resumeLoad(List<SourceTable> tables, BooleanSupplier stop)
      throws InterruptedException {
    server.slots().requireUsable(progress.slot(), SLOT_PATIENCE);
    if (!load(tables, server.exportSnapshot(), stop)) {
      return;
    }
    progress.enter(Phase.CDC, Lsn.NONE);
    stream(tables, progress.position(), stop);
  }

  /** Whether all is loaded; false when it was told to stop. */
  private boolean load(List<SourceTable> tables, ExportedSnapshot snapshot, BooleanSupplier stop)
      throws InterruptedException {
    try (snapshot) {
      return new LoadRun(definition, writer, progress, statistics)
          .run(server, snapshot, tables, stop);
    }
  }

  /** Without a load, the definitions still have to be known before the first row. */
  private void tell(List<SourceTable> tables) {
    Outbox outbox = new Outbox(writer);
    EventEncoder encoder = definition.encoder();
    for (SourceTable table : tables) {
      TableChange create = TableChange.create(table.schema(), Origin.at(nowMicros()));
      statistics.captured(create);
      encoder.encode(create, table.schema(), outbox::add);
    }
    InOrder.join(outbox.flush());
  }

  private void stream(List<SourceTable> tables, Lsn start, BooleanSupplier stop)
      throws InterruptedException {
    List<String> publications = server.publications().ensure(progress.slot(), tables);
    ChangeFeed feed = new ChangeFeed(definition.encoder(), new Outbox(writer), statistics);
    StreamConfig config =
        StreamConfig.of(progress.slot(), publications, selection, tables)
            .from(start)
            .withHistory(progress.history())
            .withLoaded(progress.laterLoads());
    durable = start;
    new ChangeStream(server, config).run(feed, () -> reached(feed.durable()), stop);
    feed.finish();
    reached(feed.durable());
  }

  /** Our own record is never behind the slot's: else a slot that was moved could not be told. */
  private Lsn reached(Lsn position) {
    if (position.compareTo(durable) > 0) {
      progress.reached(position);
      durable = position;
    }
    return durable;
  }

  /** Removes slot and publication from the source, so that it keeps no WAL for this task. */
  public void cleanUp() throws InterruptedException {
    server.slots().drop(progress.slot());
    server.publications().drop(progress.slot());
  }

  static long nowMicros() {
    return Math.multiplyExact(Clock.systemUTC().millis(), 1_000L);
  }
}
