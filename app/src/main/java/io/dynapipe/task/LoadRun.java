package io.dynapipe.task;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.settings.TargetTablePrepMode;
import io.dynapipe.source.LoadHandler;
import io.dynapipe.source.LoadHandlers;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.ExportedSnapshot;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.VisibleTransactions;
import io.dynapipe.source.postgres.fullload.FullLoad;
import io.dynapipe.source.postgres.fullload.LoadOptions;
import io.dynapipe.stream.RecordWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a full load: what is not loaded yet goes into the stream. */
final class LoadRun implements LoadHandlers {

  private static final Logger LOG = LoggerFactory.getLogger(LoadRun.class);

  private final TaskDefinition definition;
  private final RecordWriter writer;
  private final CaptureProgress progress;
  private final TaskStatistics statistics;
  private final TableErrors errors;
  private final Outbox controls;
  private final EventEncoder controlEncoder;
  private @Nullable VisibleTransactions shownLater;
  private final Map<TableName, Long> oids = new HashMap<>();
  private final Queue<LoadFeed> feeds = new ConcurrentLinkedQueue<>();

  LoadRun(
      TaskDefinition definition,
      RecordWriter writer,
      CaptureProgress progress,
      TaskStatistics statistics,
      TableErrors errors) {
    this.definition = definition;
    this.writer = writer;
    this.progress = progress;
    this.statistics = statistics;
    this.errors = errors;
    this.controls = new Outbox(writer);
    this.controlEncoder = definition.encoder();
  }

  /**
   * Loads and waits until all that was read is durable in the stream.
   *
   * @return whether everything was read; false when it was told to stop
   */
  boolean run(
      PostgresServer server,
      ExportedSnapshot snapshot,
      List<SourceTable> tables,
      BooleanSupplier stop)
      throws InterruptedException {
    LoadOptions options =
        LoadOptions.defaults()
            .withReaders(definition.settings().fullLoad().subTasks())
            .withReadings(Readings.of(definition.mappings()));
    // Every table that is not loaded whole is tried again.
    progress.suspended().keySet().forEach(errors::resume);
    Set<LoadRange> done = countable(server, tables, options);
    VisibleTransactions first = progress.firstSnapshot();
    boolean later = first != null && !first.equals(snapshot.transactions());
    FullLoad load =
        new FullLoad(
            server.connections(),
            tables,
            later ? options.resumed(done, Objects.requireNonNull(first)) : options.resumed(done));
    tables.forEach(table -> oids.put(table.name(), table.oid()));
    shownLater = later ? snapshot.transactions() : null;
    boolean complete = load.run(snapshot, this, stop);
    feeds.forEach(LoadFeed::finish);
    if (complete) {
      renamed(server, tables).forEach(this::mayHaveOthersRows);
    }
    return complete;
  }

  /** Tables that do not have the name any more by which they were read. */
  private static List<TableName> renamed(PostgresServer server, List<SourceTable> tables) {
    Map<Long, TableName> now = server.names(tables.stream().map(SourceTable::oid).toList());
    return tables.stream()
        .filter(table -> !table.name().equals(now.getOrDefault(table.oid(), table.name())))
        .map(SourceTable::name)
        .toList();
  }

  private void mayHaveOthersRows(TableName table) {
    if (definition.migrationType().streams()) {
      LOG.warn("{} was renamed while it was loaded: it is loaded again", table);
      progress.loadOwed(table);
    } else {
      errors.suspend(
          table,
          PipelineException.environment(
              table + " was renamed while it was loaded: its rows may be another table's",
              "Reload the table (reload-tables), or load again.",
              null));
    }
  }

  /** Done ranges without those of keyless tables that are not done whole: these begin again. */
  private Set<LoadRange> countable(
      PostgresServer server, List<SourceTable> tables, LoadOptions options) {
    Set<LoadRange> done = progress.loaded();
    Set<TableName> left =
        new FullLoad(server.connections(), tables, options.resumed(done))
            .ranges().stream().map(LoadRange::table).collect(Collectors.toSet());
    Set<TableName> again =
        tables.stream()
            .filter(table -> !table.schema().hasPrimaryKey())
            .map(SourceTable::name)
            .filter(left::contains)
            .collect(Collectors.toSet());
    return done.stream()
        .filter(range -> !again.contains(range.table()))
        .collect(Collectors.toSet());
  }

  @Override
  public void onTable(TableChange create) {
    TableSchema schema = Objects.requireNonNull(create.schema());
    boolean prepared = progress.prepared().contains(create.table());
    if (definition.settings().fullLoad().prepMode() == TargetTablePrepMode.DROP_AND_CREATE
        && !prepared) {
      send(TableChange.drop(create.table(), create.origin()), schema);
    }
    send(create, schema);
    if (mustEmpty(schema, prepared)) {
      send(TableChange.truncate(create.table(), create.origin()), schema);
    }
    InOrder.join(controls.flush());
    if (shownLater != null && !schema.hasPrimaryKey()) {
      progress.loadsLater(Objects.requireNonNull(oids.get(create.table())), shownLater);
    }
    progress.tablePrepared(create.table());
  }

  /** Rows without a key that an interrupted load brought would stand there twice. */
  private boolean mustEmpty(TableSchema schema, boolean prepared) {
    return prepared
        ? !schema.hasPrimaryKey()
        : definition.settings().fullLoad().prepMode() == TargetTablePrepMode.TRUNCATE_BEFORE_LOAD;
  }

  private void send(TableChange change, TableSchema schema) {
    statistics.captured(change);
    controlEncoder.encode(change, schema, controls);
  }

  @Override
  public void onTableFailed(TableName table, PipelineException failure) {
    errors.loadFailed(table, failure);
  }

  @Override
  public LoadHandler forReader(int reader) {
    Outbox outbox = new Outbox(writer, definition.settings().fullLoad().commitRate());
    LoadFeed feed = new LoadFeed(definition.encoder(), outbox, progress, statistics, errors);
    feeds.add(feed);
    return feed;
  }
}
