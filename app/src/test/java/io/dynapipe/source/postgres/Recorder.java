package io.dynapipe.source.postgres;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.EventHandler;
import io.dynapipe.source.LoadHandler;
import io.dynapipe.source.LoadHandlers;
import io.dynapipe.source.LoadRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is handed. Thread-safe. */
public final class Recorder implements EventHandler, LoadHandlers, LoadHandler {

  private final List<ChangeEvent> events = new ArrayList<>();
  private final List<LoadRange> ranges = new CopyOnWriteArrayList<>();
  private final Map<TableName, PipelineException> failures = new ConcurrentHashMap<>();
  private volatile Lsn position = Lsn.NONE;

  @Override
  public synchronized void onEvent(ChangeEvent event, TableSchema schema) {
    events.add(event);
  }

  @Override
  public void onPosition(Lsn newPosition) {
    position = newPosition;
  }

  @Override
  public void onIdle() {}

  @Override
  public synchronized void onTable(TableChange create) {
    events.add(create);
  }

  @Override
  public LoadHandler forReader(int reader) {
    return this;
  }

  @Override
  public synchronized void onRow(RowChange row, TableSchema schema) {
    events.add(row);
  }

  @Override
  public void onRangeEnd(LoadRange range, long rows, long bytes) {
    ranges.add(range);
  }

  @Override
  public void onTableFailed(TableName table, PipelineException failure) {
    failures.put(table, failure);
  }

  /** Tables that could not be loaded. */
  public Map<TableName, PipelineException> failures() {
    return failures;
  }

  public synchronized List<ChangeEvent> events() {
    return List.copyOf(events);
  }

  public List<RowChange> rows() {
    return events().stream()
        .filter(RowChange.class::isInstance)
        .map(RowChange.class::cast)
        .toList();
  }

  public List<TableChange> tableChanges() {
    return events().stream()
        .filter(TableChange.class::isInstance)
        .map(TableChange.class::cast)
        .toList();
  }

  public List<LoadRange> ranges() {
    return ranges;
  }

  public Lsn position() {
    return position;
  }

  public synchronized void clear() {
    events.clear();
  }
}
