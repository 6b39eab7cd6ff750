package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.RowKey;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import io.dynapipe.sink.WriteKind;
import io.dynapipe.sink.cratedb.TargetTable.KeyColumn;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Picks the way a table's rows are written, by how they can be addressed. Thread-safe. */
final class RowWriters {

  private final KeyedWriter keyed;
  private final PlainWriter plain;
  private final EventWriter events;

  RowWriters(CrateClient client, BulkWriter writer, OpenTables tables, Clock clock) {
    this.keyed = new KeyedWriter(client, writer);
    this.plain = new PlainWriter(client, writer);
    this.events = new EventWriter(client, writer, tables, clock);
  }

  /** As {@link #write}; returns early for rows that CrateDB finds by a primary key. */
  Sink.Begun begin(OpenTable table, List<RowWrite> writes) {
    boolean byKey =
        switch (table.target().keyStyle()) {
          case PK_OBJECT, COLUMNS, GENERATED -> true;
          case EVENT, NONE -> false;
        };
    if (byKey && writes.stream().allMatch(RowWriters::isDoneByOneRequest)) {
      checkKey(table.target(), writes);
      return keyed.begin(table, writes);
    }
    List<RowFailure> failures = write(table, writes);
    return () -> failures;
  }

  private static boolean isDoneByOneRequest(RowWrite write) {
    return switch (write.kind()) {
      case PUT, MERGE, DELETE -> true;
      case MOVE, APPEND, REMOVE_ONE -> false;
    };
  }

  /** Writes rows whose columns the table has, or never will have. */
  List<RowFailure> write(OpenTable table, List<RowWrite> writes) {
    List<RowWrite> withKey = new ArrayList<>();
    List<RowWrite> withoutKey = new ArrayList<>();
    for (RowWrite write : writes) {
      boolean keyless = write.kind() == WriteKind.APPEND || write.kind() == WriteKind.REMOVE_ONE;
      (keyless ? withoutKey : withKey).add(write);
    }
    List<RowFailure> failures = new ArrayList<>();
    switch (table.target().keyStyle()) {
      case PK_OBJECT, COLUMNS, GENERATED -> {
        checkKey(table.target(), withKey);
        failures.addAll(keyed.write(table, withKey));
        failures.addAll(keyed.write(table, addressed(table.target(), withoutKey, failures)));
      }
      case EVENT -> {
        if (!withKey.isEmpty()) {
          throw PipelineException.permanent(
              table.target().name() + " was made for a source without a primary key",
              "The source has one now: load the table again (reload-target), so that it is made"
                  + " anew.",
              null);
        }
        failures.addAll(events.write(table, withoutKey));
      }
      case NONE -> {
        failures.addAll(plain.write(table, withKey));
        failures.addAll(events.write(table, withoutKey));
      }
    }
    return failures;
  }

  private static void checkKey(TargetTable table, List<RowWrite> writes) {
    RowKey key = writes.isEmpty() ? null : writes.get(0).key();
    if (key == null) {
      return;
    }
    ColumnNames names = key.values().columns();
    boolean same =
        names.size() == table.key().size()
            && table.key().stream().allMatch(part -> names.indexOf(part.source()) >= 0);
    if (!same) {
      throw PipelineException.permanent(
          "the primary key of "
              + table.name()
              + " is "
              + table.key().stream().map(KeyColumn::reference).toList()
              + ", the source's is "
              + names,
          "Make the table with the source's primary key, or drop it and load it again.",
          null);
    }
  }

  /** The source has no key, but the table has one over its columns: the last state of each wins. */
  private static List<RowWrite> addressed(
      TargetTable table, List<RowWrite> writes, List<RowFailure> failures) {
    ColumnNames names = ColumnNames.of(table.key().stream().map(KeyColumn::source).toList());
    Map<RowKey, RowWrite> last = new LinkedHashMap<>();
    for (RowWrite write : writes) {
      RowKey key = RowKey.of(write.row(), names);
      if (key == null) {
        failures.add(
            new RowFailure(
                write, "the row has no value for the table's primary key " + names.asList()));
      } else {
        last.put(
            key,
            write.kind() == WriteKind.APPEND
                ? RowWrite.put(key, write.row())
                : RowWrite.delete(key, write.row()));
      }
    }
    return new ArrayList<>(last.values());
  }
}
