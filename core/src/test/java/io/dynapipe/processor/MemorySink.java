package io.dynapipe.processor;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.Bookmarks;
import io.dynapipe.sink.Quarantine;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.QuarantineHold;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A sink that keeps rows in a map and fails what it is told to fail. */
class MemorySink implements Sink, Quarantine {

  final Map<TableName, TableSchema> schemas = new HashMap<>();
  final Map<TableName, Map<RowKey, Row>> rows = new HashMap<>();
  final Map<TableName, Map<String, Row>> appended = new HashMap<>();
  final Map<String, QuarantineEntry> quarantined = new LinkedHashMap<>();
  final List<String> calls = new ArrayList<>();
  Predicate<RowWrite> bad = write -> false;
  PipelineException nextFailure;
  Bookmarks bookmarks = new MemoryBookmarks();

  @Override
  public void apply(TableChange change) {
    failIfTold();
    calls.add(change.operation() + " " + change.table());
    switch (change.operation()) {
      case DROP_TABLE -> {
        rows.remove(change.table());
        schemas.remove(change.table());
      }
      case TRUNCATE_TABLE -> rows.remove(change.table());
      default -> schemas.put(change.table(), change.schema());
    }
  }

  @Override
  public void forgetTables() {}

  @Override
  public TableSchema schema(TableName table) {
    return schemas.get(table);
  }

  @Override
  public List<RowFailure> write(TableName table, List<RowWrite> writes) {
    failIfTold();
    calls.add(
        "write "
            + table
            + " "
            + writes.stream().map(w -> w.kind() + " " + w.key()).collect(Collectors.joining(", ")));
    List<RowFailure> failures = new ArrayList<>();
    for (RowWrite write : writes) {
      if (bad.test(write)) {
        failures.add(new RowFailure(write, "told to fail"));
      } else {
        write(rows.computeIfAbsent(table, t -> new HashMap<>()), table, write);
      }
    }
    return failures;
  }

  private void write(Map<RowKey, Row> table, TableName name, RowWrite write) {
    switch (write.kind()) {
      case PUT -> table.put(write.key(), write.row());
      case MERGE ->
          table.merge(write.key(), write.row(), (there, more) -> RowMerge.over(there, more));
      case DELETE -> table.remove(write.key());
      case MOVE -> {
        Row old = table.remove(write.previousKey());
        table.put(write.key(), old == null ? write.row() : RowMerge.over(old, write.row()));
      }
      case APPEND ->
          appended.computeIfAbsent(name, t -> new TreeMap<>()).put(write.eventId(), write.row());
      case REMOVE_ONE ->
          appended.computeIfAbsent(name, t -> new TreeMap<>()).values().remove(write.row());
    }
  }

  /** Rows of a table as text, ordered by key. */
  List<String> texts(TableName table) {
    return rows.getOrDefault(table, Map.of()).values().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  private void failIfTold() {
    if (nextFailure != null) {
      PipelineException failure = nextFailure;
      nextFailure = null;
      throw failure;
    }
  }

  @Override
  public Quarantine quarantine() {
    return this;
  }

  @Override
  public Bookmarks bookmarks() {
    return bookmarks;
  }

  @Override
  public void add(List<QuarantineEntry> entries) {
    entries.forEach(entry -> quarantined.putIfAbsent(entry.id(), entry));
  }

  @Override
  public void replace(List<QuarantineEntry> entries) {
    entries.forEach(entry -> quarantined.put(entry.id(), entry));
  }

  @Override
  public Set<QuarantineHold> holds() {
    return quarantined.values().stream()
        .map(QuarantineEntry::hold)
        .filter(hold -> !hold.table().isEmpty())
        .collect(Collectors.toSet());
  }

  @Override
  public List<QuarantineEntry> list() {
    return List.copyOf(quarantined.values());
  }

  @Override
  public void remove(List<String> ids) {
    ids.forEach(quarantined::remove);
  }

  @Override
  public void close() {}
}
