package io.dynapipe.service.engine;

import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableName;
import io.dynapipe.service.engine.TaskLog.Component;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SchemaHistory;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.VisibleTransactions;
import io.dynapipe.source.postgres.fullload.FullLoad;
import io.dynapipe.source.postgres.fullload.LoadOptions;
import io.dynapipe.task.CaptureProgress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A task's progress that also tells its record and its log. Thread-safe. */
final class WatchedProgress implements CaptureProgress {

  private final CaptureProgress stored;
  private final PostgresServer server;
  private final TaskRecord record;
  private final TaskLog log;
  private final Set<TableName> loading = ConcurrentHashMap.newKeySet();
  private volatile List<SourceTable> tables = List.of();

  WatchedProgress(CaptureProgress stored, PostgresServer server, TaskRecord record, TaskLog log) {
    this.stored = stored;
    this.server = server;
    this.record = record;
    this.log = log;
  }

  /** The tables that are selected, as the catalogue describes them now. */
  void tables(List<SourceTable> selected) {
    tables = List.copyOf(selected);
  }

  List<SourceTable> tables() {
    return tables;
  }

  @Override
  public Phase phase() {
    return stored.phase();
  }

  @Override
  public String slot() {
    return stored.slot();
  }

  @Override
  public Lsn position() {
    return stored.position();
  }

  @Override
  public void beginLoad(Lsn position, VisibleTransactions first) {
    stored.beginLoad(position, first);
    entered(Phase.FULL_LOAD);
  }

  @Override
  public @Nullable VisibleTransactions firstSnapshot() {
    return stored.firstSnapshot();
  }

  @Override
  public void loadsLater(long oid, VisibleTransactions shown) {
    stored.loadsLater(oid, shown);
  }

  @Override
  public Map<Long, VisibleTransactions> laterLoads() {
    return stored.laterLoads();
  }

  @Override
  public SchemaHistory history() {
    return stored.history();
  }

  @Override
  public void enter(Phase phase, Lsn position) {
    stored.enter(phase, position);
    entered(phase);
  }

  private void entered(Phase phase) {
    if (phase == Phase.CDC || phase == Phase.DONE) {
      Set<TableName> suspended = suspended().keySet();
      tables.stream()
          .map(SourceTable::name)
          .filter(table -> !suspended.contains(table))
          .forEach(record::loaded);
    }
    log.info(
        phase == Phase.CDC ? Component.SOURCE_CAPTURE : Component.TASK_MANAGER,
        switch (phase) {
          case NEW -> "The task begins anew";
          case FULL_LOAD -> "Full load starts at " + stored.position();
          case CDC -> "Change processing starts at " + stored.position();
          case DONE -> "Full load is complete";
        });
  }

  @Override
  public void reached(Lsn position) {
    stored.reached(position);
  }

  @Override
  public Set<LoadRange> loaded() {
    return stored.loaded();
  }

  @Override
  public Set<TableName> prepared() {
    return stored.prepared();
  }

  @Override
  public void tablePrepared(TableName table) {
    stored.tablePrepared(table);
    loading.remove(table);
  }

  /** All tables are prepared before the first is read; a table loads from its first range on. */
  @Override
  public void rangeBegun(LoadRange range) {
    if (loading.add(range.table())) {
      record.loading(range.table());
      log.info(Component.TABLES_MANAGER, "Start loading table " + quoted(range.table()));
    }
  }

  @Override
  public void rangeLoaded(LoadRange range, long rows, long bytes) {
    stored.rangeLoaded(range, rows, bytes);
    log.info(
        Component.SOURCE_UNLOAD,
        "Unload finished for " + range + ". " + rows + " rows sent, " + bytes + " bytes.");
    if (isComplete(range.table())) {
      record.loaded(range.table());
      log.info(Component.TABLES_MANAGER, "Table " + quoted(range.table()) + " loaded.");
    }
  }

  private boolean isComplete(TableName name) {
    Set<LoadRange> done =
        stored.loaded().stream()
            .filter(range -> range.table().equals(name))
            .collect(Collectors.toSet());
    return tables.stream()
        .filter(table -> table.name().equals(name))
        .allMatch(
            table ->
                new FullLoad(
                        server.connections(), List.of(table), LoadOptions.defaults().resumed(done))
                    .ranges()
                    .isEmpty());
  }

  private static String quoted(TableName table) {
    return "'" + table.schema() + "'.'" + table.name() + "'";
  }

  @Override
  public void suspend(TableName table, String reason) {
    stored.suspend(table, reason);
    record.suspended(table);
    log.error(Component.TABLES_MANAGER, "Table " + quoted(table) + " is suspended: " + reason);
  }

  @Override
  public void resume(TableName table) {
    stored.resume(table);
    record.loaded(table);
    log.info(Component.TABLES_MANAGER, "Table " + quoted(table) + " goes on.");
  }

  @Override
  public void loadOwed(TableName table) {
    stored.loadOwed(table);
  }

  @Override
  public void loadDone(TableName table) {
    stored.loadDone(table);
  }

  @Override
  public Set<TableName> loadsOwed() {
    return stored.loadsOwed();
  }

  @Override
  public Map<TableName, String> suspended() {
    return stored.suspended();
  }

  @Override
  public void reset() {
    stored.reset();
  }
}
