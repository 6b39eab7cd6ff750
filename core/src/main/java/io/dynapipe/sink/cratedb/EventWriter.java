package io.dynapipe.sink.cratedb;

import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.event.TableName;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.WriteKind;
import io.dynapipe.sink.cratedb.BulkSender.Expect;
import io.dynapipe.sink.cratedb.TargetTable.KeyStyle;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes tables whose source has no key. A row carries the id of the event that brought it, so that
 * a replay brings it once; a removal remembers the row it took, so that a replay takes no other.
 * Equal rows are told by a digest of their content. Thread-safe: one batch of a table at a time.
 */
final class EventWriter {

  private final CrateClient client;
  private final BulkWriter writer;
  private final OpenTables tables;
  private final Removals removals;

  EventWriter(CrateClient client, BulkWriter writer, OpenTables tables, Clock clock) {
    this.client = client;
    this.writer = writer;
    this.tables = tables;
    this.removals = new Removals(client, clock);
  }

  /**
   * An append.
   *
   * @param origin as the sink got it
   * @param write with the columns that the table needs
   */
  private record Append(RowWrite origin, RowWrite write) {}

  List<RowFailure> write(OpenTable table, List<RowWrite> writes) {
    if (writes.isEmpty()) {
      return List.of();
    }
    TableName name = table.target().name();
    synchronized (tables.lock(name)) {
      OpenTable open = withPlaces(table);
      EventPlace place = new EventPlace(client, open.target());
      boolean own = open.target().keyStyle() == KeyStyle.EVENT;
      boolean removes = writes.stream().anyMatch(w -> w.kind() == WriteKind.REMOVE_ONE);
      if (removes || !own) {
        place.refresh();
      }
      Set<String> victims = removes ? victims(open, place, writes) : Set.of();
      List<RowFailure> failures = append(open, place, writes, victims);
      if (!victims.isEmpty()) {
        delete(open, place, writes.get(0), new ArrayList<>(victims));
      }
      return failures;
    }
  }

  private Set<String> victims(OpenTable table, EventPlace place, List<RowWrite> writes) {
    ContentSearch content = new ContentSearch(client, table, place);
    return new Victims(removals, place, content, table.target().name()).choose(writes);
  }

  private OpenTable withPlaces(OpenTable table) {
    Map<String, CrateType> missing = EventPlace.columns(table.target());
    return missing.isEmpty() ? table : tables.add(table, missing);
  }

  private List<RowFailure> append(
      OpenTable table, EventPlace place, List<RowWrite> writes, Set<String> victims) {
    Map<String, RowWrite> appends = new LinkedHashMap<>();
    for (RowWrite write : writes) {
      if (write.kind() == WriteKind.APPEND && !victims.contains(write.eventId())) {
        appends.putIfAbsent(write.eventId(), write);
      }
    }
    boolean own = table.target().keyStyle() == KeyStyle.EVENT;
    if (!own) {
      place.present(appends.keySet()).forEach(appends::remove);
    }
    Map<ColumnNames, List<Append>> groups = new LinkedHashMap<>();
    for (RowWrite append : appends.values()) {
      RowWrite write = own ? append : marked(append);
      groups
          .computeIfAbsent(write.row().columns(), key -> new ArrayList<>())
          .add(new Append(append, write));
    }
    BulkWriter.Run run = writer.run();
    Statements statements = new Statements(table.target());
    groups.forEach(
        (columns, rows) -> {
          RowPlan plan = table.plan(columns);
          RowRenderer renderer = new RowRenderer(plan);
          run.add(
              statements.put(plan.written()),
              rows,
              Append::origin,
              (out, append) -> renderer.put(out, append.write()),
              own ? Expect.AT_MOST_ONE : Expect.ONE);
        });
    return run.await();
  }

  /** The row with its event's id and its digest in two columns more. */
  private static RowWrite marked(RowWrite write) {
    Row row = write.row();
    List<String> names = new ArrayList<>(row.columns().asList());
    names.add(EventPlace.EVENT);
    names.add(EventPlace.ROW);
    RowBuilder builder = new RowBuilder().begin(ColumnNames.of(names));
    for (int i = 0; i < row.size(); i++) {
      builder.addFrom(row, i);
    }
    Row marked = builder.addText(write.eventId()).addText(RowDigest.of(row)).build();
    return RowWrite.append(marked, write.eventId());
  }

  private void delete(OpenTable table, EventPlace place, RowWrite any, List<String> victims) {
    BulkWriter.Run run = writer.run();
    run.add(
        "DELETE FROM " + table.target().sql() + " WHERE " + place.event() + " = ?",
        victims,
        victim -> any,
        (out, victim) -> {
          out.raw('[').string(victim).raw(']');
          return null;
        },
        Expect.AT_MOST_ONE);
    run.await();
  }
}
