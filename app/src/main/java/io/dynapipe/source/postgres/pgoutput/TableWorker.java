package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.Origin;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.LoadHandler;
import io.dynapipe.source.LoadHandlers;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.ExportedSnapshot;
import io.dynapipe.source.postgres.PostgresErrors;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.fullload.FullLoad;
import io.dynapipe.source.postgres.fullload.LoadOptions;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the {@link TableWork} between two transactions. A table is loaded while the stream stands
 * still: so every change that comes afterwards and that the snapshot does not show is newer than
 * the rows that were loaded.
 */
final class TableWorker {

  private static final Logger LOG = LoggerFactory.getLogger(TableWorker.class);

  private final PostgresServer server;
  private final TableLookup lookup;
  private final SchemaTracker schemas;
  private final TableNames names;
  private final ChangeAssembler assembler;
  private final GuardedHandler handler;
  private final TableWork work;
  private final StreamConfig config;

  TableWorker(
      PostgresServer server,
      StreamConfig config,
      TableLookup lookup,
      SchemaTracker schemas,
      TableNames names,
      ChangeAssembler assembler,
      GuardedHandler handler,
      TableWork work) {
    this.server = server;
    this.config = config;
    this.lookup = lookup;
    this.schemas = schemas;
    this.names = names;
    this.assembler = assembler;
    this.handler = handler;
    this.work = work;
  }

  /** Whether there is anything to do; cheap, since it is asked between all transactions. */
  boolean isIdle() {
    return work.isEmpty() && !schemas.hasAgain();
  }

  /** Tells again what has to be before the next transaction. */
  void tellAgain() throws InterruptedException {
    if (schemas.hasAgain()) {
      names.tellAgain(now());
    }
  }

  /** Does what can be done here; called between transactions only. */
  void run(BooleanSupplier stop) throws InterruptedException {
    tellAgain();
    if (schemas.hasAgain()) {
      // What is new comes after all that the target may have already.
      return;
    }
    Lsn position = handler.position();
    for (Long oid = work.nextDeparture(position); oid != null; ) {
      names.settle(oid, now());
      work.departed(oid);
      oid = work.nextDeparture(position);
    }
    for (Long oid = work.nextLoad(position); oid != null && !stop.getAsBoolean(); ) {
      if (!load(oid, stop)) {
        return;
      }
      oid = work.nextLoad(position);
    }
  }

  /** Loads a table; false when its name is being changed just now. */
  private boolean load(long oid, BooleanSupplier stop) throws InterruptedException {
    if (!work.isWanted(oid)) {
      work.loaded(oid);
      return true;
    }
    SourceTable table = lookup.table(oid);
    if (table == null) {
      // Gone again, but its changes may still come: they would be taken for those of the table that
      // has its name by now, and that one would be dropped with it.
      work.suspend(oid);
      return true;
    }
    if (!config.selection().includes(table.name(), false)) {
      names.left(oid);
      work.loaded(oid);
      return true;
    }
    names.settle(oid, now());
    SourceTable known = schemas.told(oid);
    boolean settled = known == null || known.name().equals(table.name());
    if (!settled || !names.free(table.name(), oid, now())) {
      return false;
    }
    load(table, stop);
    return true;
  }

  private void load(SourceTable table, BooleanSupplier stop) throws InterruptedException {
    long oid = table.oid();
    boolean empty = schemas.told(oid) != null || work.isReload(oid);
    LOG.info("loading {} while changes wait", table.name());
    handler.onTableLoading(table.name());
    try (ExportedSnapshot snapshot = server.exportSnapshot()) {
      schemas.tell(table, handler.position(), schemas.clock().micros());
      LoadOptions options = LoadOptions.defaults().withReaders(1).withReadings(config.readings());
      FullLoad load = new FullLoad(server.connections(), List.of(table), options, schemas.clock());
      if (load.run(snapshot, new Rows(empty), stop)) {
        SourceTable now = lookup.table(oid);
        if (now == null || !now.name().equals(table.name())) {
          // What was read under the name may have been another table's.
          work.reload(oid);
          return;
        }
        assembler.loaded(oid, snapshot.transactions());
        work.loaded(oid);
        config.loads().accept(oid, snapshot.transactions());
        handler.onTableLoaded(table.name());
        schemas.durable();
        handler.onIdle();
      }
    } catch (PipelineException e) {
      if (handler.hasFailed() || PostgresErrors.isAway(e)) {
        throw e;
      }
      SourceTable now = lookup.table(oid);
      if (now == null || !now.schema().equals(table.schema())) {
        // It was changed between the look at its definition and the reading.
        work.reload(oid);
        return;
      }
      work.suspend(oid);
      handler.onTableSuspended(table.name(), e);
    }
  }

  private TableNames.Moment now() {
    return new TableNames.Moment(Origin.now(schemas.clock()), handler.position());
  }

  /** Hands rows over as events; one reader, so that calls come one after another. */
  private final class Rows implements LoadHandlers, LoadHandler {

    private final boolean empty;

    Rows(boolean empty) {
      this.empty = empty;
    }

    @Override
    public void onTable(TableChange create) throws InterruptedException {
      TableSchema schema = create.schema();
      if (schema == null) {
        throw PipelineException.permanent("a load without a definition", null, null);
      }
      handler.onEvent(create, schema);
      if (empty) {
        handler.onEvent(TableChange.truncate(create.table(), create.origin()), schema);
      }
    }

    @Override
    public LoadHandler forReader(int reader) {
      return this;
    }

    @Override
    public void onRow(RowChange row, TableSchema schema) throws InterruptedException {
      handler.onEvent(row, schema);
    }

    @Override
    public void onRangeEnd(LoadRange range, long rows, long bytes) {
      LOG.info("loaded {} rows of {}", rows, range);
    }
  }
}
