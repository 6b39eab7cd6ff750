package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.mapping.settings.FullLoadSettings;
import io.dynapipe.mapping.transform.TablePlan;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.ExportedSnapshot;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.ReplicaIdentity;
import io.dynapipe.source.postgres.SlotState;
import io.dynapipe.source.postgres.SlotWatch;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.pgoutput.ChangeStream;
import io.dynapipe.source.postgres.pgoutput.Patience;
import io.dynapipe.source.postgres.pgoutput.StreamConfig;
import io.dynapipe.stream.RecordWriter;
import io.dynapipe.task.CaptureProgress.Phase;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(5);

  private final TaskDefinition definition;
  private final PostgresServer server;
  private final RecordWriter writer;
  private final CaptureProgress progress;
  private final TaskStatistics statistics;
  private final TableSelection selection;
  private final ControlRows control;
  private final TableErrors errors;
  private final StreamConfig.Timing timing;
  private volatile Lsn durable = Lsn.NONE;
  private volatile @Nullable CaptureEnd end;

  public CaptureTask(
      TaskDefinition definition,
      PostgresServer server,
      RecordWriter writer,
      CaptureProgress progress,
      TaskStatistics statistics) {
    this.definition = definition;
    this.server = server.using(definition.source().plugin());
    this.writer = writer;
    this.progress = progress;
    this.statistics = statistics;
    this.selection = Selections.of(definition.mappings(), definition.migrationType());
    this.control = new ControlRows(definition, writer, statistics, progress);
    this.errors = new TableErrors(definition.settings().errors(), progress, statistics, control);
    this.timing = Timings.of(definition.settings().errors().recovery());
  }

  TaskDefinition definition() {
    return definition;
  }

  /** All changes up to here are in the stream; NONE before the first is. */
  public Lsn durable() {
    return durable;
  }

  /** Why it ended; null while it runs, and when it failed. */
  public @Nullable CaptureEnd end() {
    return end;
  }

  /**
   * Checks what can be checked before anything is made or moved.
   *
   * @return the selected tables, in the order in which they are loaded
   * @throws PipelineException (input, environment) with cause and cure
   */
  public List<SourceTable> preflight() {
    if (definition.migrationType().streams()) {
      server.requireLogical();
    }
    requireSlot();
    List<SourceTable> tables = server.tables(selection);
    if (tables.isEmpty() && definition.settings().errors().failOnNoTables()) {
      throw PipelineException.input(
          "no table of the source is selected",
          "Check the table mappings, or --tables schema.table, against the tables of the source"
              + " (names keep their case; % stands for any text).");
    }
    definition.mappings().requireOwnTargets(tables.stream().map(SourceTable::name).toList());
    tables.forEach(this::check);
    return Readings.ordered(definition.mappings(), tables);
  }

  /** Before it begins, while somebody looks: later, a slot that is gone is no wrong request. */
  private void requireSlot() {
    String slot = definition.source().slot();
    if (slot == null || progress.phase() != Phase.NEW) {
      return;
    }
    SlotState state = server.slots().state(slot);
    if (state == null) {
      throw PipelineException.environment(
          "the replication slot " + slot + " does not exist",
          "Make it with pg_create_logical_replication_slot, or name none.",
          null);
    }
    Lsn start = definition.window().start();
    if (start != null && start.compareTo(state.confirmedFlush()) < 0) {
      throw PipelineException.input(
          "CdcStartPosition "
              + start
              + " is before "
              + state.confirmedFlush()
              + ", where the replication slot "
              + slot
              + " stands: what lies between is lost",
          "Begin where the slot stands or later, or load the tables.");
    }
  }

  private void check(SourceTable table) {
    TablePlan plan = definition.mappings().plan(table.schema());
    Readings.of(definition.mappings()).of(table);
    plan.warnings().forEach(warning -> LOG.warn("{}: {}", table.name(), warning));
    boolean whole = table.identity() == ReplicaIdentity.FULL;
    if (definition.migrationType().streams() && plan.needsOldRows() && !whole) {
      LOG.warn(
          "{}: the rules look at old values, which the source tells only with REPLICA IDENTITY"
              + " FULL; a change that cannot be decided without them suspends the table",
          table.name());
    }
  }

  /**
   * Does what is left to do, until told to stop or, without CDC, until all is loaded. A source that
   * goes away in between is waited for.
   *
   * @return why it ended
   * @throws PipelineException as source or stream gave it; running again goes on from there
   */
  public CaptureEnd run(BooleanSupplier stop) throws InterruptedException {
    List<SourceTable> tables = preflight();
    CaptureEnd reason;
    try (SlotWatch watch =
        new SlotWatch(
            server, progress.slot(), definition.source(), WATCH_INTERVAL, statistics::slot)) {
      if (definition.migrationType().streams()) {
        watch.start();
      }
      try (control) {
        reason = run(tables, () -> stop.getAsBoolean() || watch.mustDrop());
      }
      if (watch.mustDrop()) {
        server.slots().drop(progress.slot());
        throw watch.exceeded();
      }
    }
    end = reason;
    return reason;
  }

  private CaptureEnd run(List<SourceTable> tables, BooleanSupplier stop)
      throws InterruptedException {
    boolean loads = progress.phase() == Phase.NEW || progress.phase() == Phase.FULL_LOAD;
    boolean loadsRows = loads && definition.migrationType().loads();
    control.begin(loadsRows ? ControlRows.Status.FULL_LOAD : ControlRows.Status.CHANGE_PROCESSING);
    boolean loaded = !loads || new Patience(timing).call(() -> load(tables, stop));
    if (!loaded) {
      return CaptureEnd.NORMAL;
    }
    if (!definition.migrationType().streams()) {
      return CaptureEnd.FULL_LOAD_ONLY_FINISHED;
    }
    FullLoadSettings settings = definition.settings().fullLoad();
    if (loadsRows && settings.stopBeforeCachedChanges()) {
      return CaptureEnd.STOPPED_AFTER_FULL_LOAD;
    }
    boolean stopsThen = loadsRows && settings.stopAfterCachedChanges();
    Lsn until = stopsThen ? Sources.currentPosition(server) : Lsn.NONE;
    control.turn(ControlRows.Status.CHANGE_PROCESSING);
    return stream(tables, until, stop);
  }

  /** Goes to the next phase, unless it was told to stop before. */
  private boolean load(List<SourceTable> tables, BooleanSupplier stop) throws InterruptedException {
    if (progress.phase() == Phase.FULL_LOAD) {
      return resumeLoad(tables, stop);
    }
    return definition.migrationType().streams()
        ? begin(tables, stop)
        : loaded(load(tables, server.exportSnapshot(), stop), Phase.DONE, Lsn.NONE);
  }

  private boolean loaded(boolean complete, Phase next, Lsn position) {
    if (complete) {
      progress.enter(next, position);
    }
    return complete;
  }

  private boolean begin(List<SourceTable> tables, BooleanSupplier stop)
      throws InterruptedException {
    // The publication has to be there in the log before the first change that is decoded with it.
    server.publications().ensure(progress.slot(), tables);
    if (definition.source().slot() != null) {
      server.slots().requireUsable(progress.slot(), SLOT_PATIENCE);
      tell(tables);
      Lsn from = definition.window().start();
      return loaded(true, Phase.CDC, from == null ? Lsn.NONE : from);
    }
    server.slots().drop(progress.slot());
    ExportedSnapshot snapshot = server.slots().create(progress.slot());
    Lsn start = snapshot.position();
    if (definition.migrationType().loads()) {
      progress.beginLoad(start, snapshot.transactions());
      return loaded(load(tables, snapshot, stop), Phase.CDC, start);
    }
    snapshot.close();
    tell(tables);
    return loaded(true, Phase.CDC, start);
  }

  private boolean resumeLoad(List<SourceTable> tables, BooleanSupplier stop)
      throws InterruptedException {
    server.slots().requireUsable(progress.slot(), SLOT_PATIENCE);
    return loaded(load(tables, server.exportSnapshot(), stop), Phase.CDC, Lsn.NONE);
  }

  /** Whether all is loaded; false when it was told to stop. */
  private boolean load(List<SourceTable> tables, ExportedSnapshot snapshot, BooleanSupplier stop)
      throws InterruptedException {
    try (snapshot) {
      return new LoadRun(definition, writer, progress, statistics, errors)
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
      encoder.encode(create, table.schema(), outbox);
    }
    InOrder.join(outbox.flush());
  }

  private CaptureEnd stream(List<SourceTable> tables, Lsn until, BooleanSupplier stop)
      throws InterruptedException {
    Patience patience = new Patience(timing);
    List<String> publications =
        patience.call(() -> server.publications().ensure(progress.slot(), tables));
    ChangeFeed feed = new ChangeFeed(definition, new Outbox(writer), progress, statistics, errors);
    durable = progress.position();
    BooleanSupplier over =
        () ->
            stop.getAsBoolean()
                || feed.isOver()
                || (!until.isNone() && feed.durable().compareTo(until) >= 0);
    new ChangeStream(server, config(tables, publications))
        .run(feed, () -> reached(feed.durable()), over);
    feed.finish();
    reached(feed.durable());
    if (feed.isOver()) {
      return definition.window().byServerTime()
          ? CaptureEnd.STOPPED_AT_SERVER_TIME
          : CaptureEnd.STOPPED_AT_COMMIT_TIME;
    }
    boolean cached = !until.isNone() && durable.compareTo(until) >= 0;
    return cached ? CaptureEnd.STOPPED_AFTER_CACHED_EVENTS : CaptureEnd.NORMAL;
  }

  private StreamConfig config(List<SourceTable> tables, List<String> publications) {
    RenamedTables.follow(progress, tables);
    Set<TableName> unloaded = new HashSet<>(progress.suspended().keySet());
    unloaded.addAll(progress.loadsOwed());
    return StreamConfig.of(progress.slot(), publications, selection, tables)
        .from(progress.position())
        .withHistory(progress.history())
        .withLoaded(progress.laterLoads())
        .withBeforeImage(Readings.beforeImage(definition))
        .withUnloaded(
            Stream.concat(tables.stream(), gone(tables))
                .filter(table -> unloaded.contains(table.name()))
                .toList())
        .withReadings(Readings.of(definition.mappings()))
        .withTiming(timing)
        .withReloadsRewritten(definition.source().reloadsRewritten())
        .withLoads(progress::loadsLater);
  }

  /** Tables that were told and are not there any more; changes of them may still come. */
  private Stream<SourceTable> gone(List<SourceTable> tables) {
    Set<Long> present = tables.stream().map(SourceTable::oid).collect(Collectors.toSet());
    return progress.history().before(progress.position()).stream()
        .filter(table -> !present.contains(table.oid()));
  }

  /** Nothing more is captured of the table that has this name at the target. */
  void suspendTarget(TableName target, PipelineException cause) {
    for (TableStatistics table : statistics.tables()) {
      TableName source = table.table();
      boolean is = definition.mappings().targetTable(source).equals(target);
      if (is && definition.mappings().selects(source) && table.suspended() == null) {
        errors.suspend(source, cause);
      }
    }
  }

  /** Our own record is never behind the slot's: else a slot that was moved could not be told. */
  private Lsn reached(Lsn position) {
    if (position.compareTo(durable) > 0) {
      progress.reached(position);
      durable = position;
    }
    return durable;
  }

  /**
   * Removes slot and publication from the source, so that it keeps no WAL for this task. A slot
   * that somebody else made stays.
   */
  public void cleanUp() throws InterruptedException {
    cleanUp(definition, server, progress);
  }

  /** The same without a stream. */
  public static void cleanUp(
      TaskDefinition definition, PostgresServer source, CaptureProgress progress)
      throws InterruptedException {
    PostgresServer server = source.using(definition.source().plugin());
    if (definition.source().slot() == null) {
      server.slots().drop(progress.slot());
    }
    server.publications().drop(progress.slot());
  }

  static long nowMicros() {
    return Origin.micros(Clock.systemUTC());
  }
}
