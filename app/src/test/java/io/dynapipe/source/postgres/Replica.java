package io.dynapipe.source.postgres;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.TableChange;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableOperation;
import io.dynapipe.event.TableSchema;
import io.dynapipe.event.ValueKind;
import io.dynapipe.sink.FormerNames;
import io.dynapipe.sink.FormerNames.Parting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies events to tables in memory, as every sink must in the end, also those that come again.
 * Tables need keys.
 */
public final class Replica {

  private final Map<TableName, TableSchema> schemas = new HashMap<>();
  private final Map<TableName, Map<RowKey, Row>> tables = new HashMap<>();
  private final List<Parting> partings = new ArrayList<>();
  private FormerNames names = new FormerNames(List.of());

  public void apply(List<ChangeEvent> events) {
    events.forEach(this::apply);
  }

  private void apply(ChangeEvent event) {
    if (event instanceof TableChange change) {
      apply(change);
    } else {
      apply((RowChange) event);
    }
  }

  private void apply(TableChange change) {
    TableOperation operation = change.operation();
    long micros = change.origin().timestampMicros();
    TableName table = change.table();
    if (operation == TableOperation.RENAME_TABLE) {
      if (!part(new Parting(Objects.requireNonNull(change.previousTable()), table, micros))) {
        return;
      }
      rename(change.previousTable(), table);
    } else {
      boolean drop = operation == TableOperation.DROP_TABLE;
      table = names.at(table, micros);
      if (table == null || (drop && !part(new Parting(table, null, micros)))) {
        return;
      }
    }
    if (change.schema() != null) {
      schemas.put(table, change.schema().withTable(table));
      rows(table);
    }
    if (change.operation() == TableOperation.TRUNCATE_TABLE) {
      rows(table).clear();
    } else if (change.operation() == TableOperation.DROP_TABLE) {
      tables.remove(table);
      schemas.remove(table);
    }
  }

  /** Whether that was not known yet. */
  private boolean part(Parting parting) {
    if (names.has(parting)) {
      return false;
    }
    partings.add(parting);
    names = new FormerNames(partings);
    return true;
  }

  private void rename(TableName from, TableName to) {
    if (tables.containsKey(to) && tables.containsKey(from)) {
      throw new IllegalStateException(from + " was renamed to " + to + ", which is there");
    }
    Map<RowKey, Row> rows = tables.remove(from);
    if (rows != null) {
      tables.put(to, rows);
    }
    schemas.remove(from);
  }

  /** Names of the tables that are there, sorted. */
  public List<String> names() {
    return tables.keySet().stream().map(TableName::name).sorted().toList();
  }

  private void apply(RowChange change) {
    TableName table = names.at(change.table(), change.origin().timestampMicros());
    if (table == null) {
      return;
    }
    Map<RowKey, Row> rows = rows(table);
    TableSchema schema = schemas.get(table);
    if (schema == null) {
      throw new IllegalStateException("a table that is not there was changed: " + change);
    }
    RowKey key = Objects.requireNonNull(RowKey.of(change.row(), schema.keyNames()));
    switch (change.operation()) {
      case LOAD, INSERT -> rows.put(key, change.row());
      case DELETE -> rows.remove(key);
      case UPDATE -> {
        RowKey oldKey =
            change.before() == null ? key : RowKey.of(change.before(), schema.keyNames());
        Row old = rows.remove(oldKey);
        rows.put(key, merged(change.row(), old == null ? rows.get(key) : old));
      }
    }
  }

  private Map<RowKey, Row> rows(TableName table) {
    return tables.computeIfAbsent(table, name -> new HashMap<>());
  }

  private static Row merged(Row row, @Nullable Row old) {
    RowBuilder builder = new RowBuilder().begin(row.columns());
    for (int i = 0; i < row.size(); i++) {
      if (row.kind(i) == ValueKind.UNCHANGED && old != null) {
        builder.addFrom(old, i);
      } else {
        builder.addFrom(row, i);
      }
    }
    return builder.build();
  }

  /** Rows as {@code SourceDatabase.query} prints them, sorted. */
  public List<String> rows(String table) {
    return rows(new TableName("public", table)).values().stream()
        .map(Replica::line)
        .sorted()
        .collect(Collectors.toList());
  }

  private static String line(Row row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String text = row.kind(i).hasValue() || row.kind(i) == ValueKind.NULL ? row.text(i) : "?";
      line.append(i == 0 ? "" : "|").append(text);
    }
    return line.toString();
  }
}
