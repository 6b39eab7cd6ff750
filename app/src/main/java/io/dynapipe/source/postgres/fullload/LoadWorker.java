package io.dynapipe.source.postgres.fullload;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.source.LoadHandler;
import io.dynapipe.source.LoadHandlers;
import io.dynapipe.source.postgres.PostgresErrors;
import io.dynapipe.source.postgres.SourceTable;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;

/** A thread that reads ranges until none is left. */
final class LoadWorker extends Thread {

  private final int number;
  private final RangeReader reader;
  private final LoadQueue queue;
  private final Map<TableName, SourceTable> tables;
  private final LoadHandlers handlers;

  LoadWorker(
      int number,
      RangeReader reader,
      LoadQueue queue,
      Map<TableName, SourceTable> tables,
      LoadHandlers handlers) {
    super("dynapipe-load-" + number);
    setDaemon(true);
    this.number = number;
    this.reader = reader;
    this.queue = queue;
    this.tables = tables;
    this.handlers = handlers;
  }

  @Override
  public void run() {
    try (reader) {
      LoadHandler handler = handlers.forReader(number);
      begin();
      for (LoadTask task = queue.next(); task != null; task = queue.next()) {
        if (read(task, handler)) {
          queue.done();
        }
      }
    } catch (InterruptedException e) {
      queue.end();
    } catch (RuntimeException e) {
      queue.fail(e);
    }
  }

  /** From another thread: ends a read that waits for the server or for its handler. */
  void cancel() {
    if (isAlive()) {
      reader.cancel();
      interrupt();
    }
  }

  private void begin() {
    try {
      reader.begin();
    } catch (SQLException e) {
      throw PostgresErrors.during("read from the exported snapshot", e);
    }
  }

  /** Whether this task needs no more reading. */
  private boolean read(LoadTask task, LoadHandler handler) throws InterruptedException {
    TableName name = task.range().table();
    try {
      SourceTable table = Objects.requireNonNull(tables.get(name));
      return reader.read(task, table, handler, queue::mustEnd);
    } catch (SQLException e) {
      if (queue.mustEnd()) {
        return false;
      }
      PipelineException failure = PostgresErrors.during("load " + task, e);
      if (failure.isRetryable()) {
        throw failure;
      }
      handlers.onTableFailed(name, failure);
      queue.drop(name);
      begin();
      return true;
    }
  }
}
