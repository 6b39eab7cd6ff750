package io.dynapipe.verify;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.mapping.EventMapper;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.transform.TablePlan;
import io.dynapipe.source.LoadHandler;
import io.dynapipe.source.LoadHandlers;
import io.dynapipe.source.LoadRange;
import io.dynapipe.source.postgres.ExportedSnapshot;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.fullload.FullLoad;
import io.dynapipe.source.postgres.fullload.LoadOptions;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a table's rows as a full load does, mapped as the target is to see them. */
final class SourceReader {

  private static final int READERS = 2;

  private final PostgresServer server;
  private final TableMappings mappings;

  SourceReader(PostgresServer server, TableMappings mappings) {
    this.server = server;
    this.mappings = mappings;
  }

  /** The definition that the target is to see; null when the mappings do not select the table. */
  @Nullable TableSchema target(SourceTable table) {
    TablePlan plan = new EventMapper(mappings).plan(table.schema());
    return plan == null ? null : plan.target();
  }

  /** Hands over each row; calls come one at a time, from several threads. */
  void read(SourceTable table, TableSchema target, Consumer<ComparedRow> handler)
      throws InterruptedException {
    FullLoad load =
        new FullLoad(
            server.connections(), List.of(table), LoadOptions.defaults().withReaders(READERS));
    try (ExportedSnapshot snapshot = server.exportSnapshot()) {
      load.run(snapshot, new Handlers(target, handler), () -> false);
    }
  }

  private final class Handlers implements LoadHandlers {
    private final TableSchema target;
    private final Consumer<ComparedRow> handler;

    Handlers(TableSchema target, Consumer<ComparedRow> handler) {
      this.target = target;
      this.handler = handler;
    }

    @Override
    public void onTable(TableChange create) {}

    @Override
    public void onTableFailed(TableName table, PipelineException failure) {
      throw failure;
    }

    @Override
    public LoadHandler forReader(int reader) {
      EventMapper mapper = new EventMapper(mappings);
      return new LoadHandler() {
        @Override
        public void onRow(RowChange row, TableSchema schema) {
          RowChange mapped = mapper.map(row, schema);
          if (mapped != null) {
            ComparedRow compared = ComparedRow.of(target, mapped.row());
            synchronized (handler) {
              handler.accept(compared);
            }
          }
        }

        @Override
        public void onRangeEnd(LoadRange range, long rows, long bytes) {}
      };
    }
  }
}
