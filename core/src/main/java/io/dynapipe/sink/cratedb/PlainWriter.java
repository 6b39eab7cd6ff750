package io.dynapipe.sink.cratedb;

import io.dynapipe.event.RowKey;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.WriteKind;
import io.dynapipe.sink.cratedb.BulkSender.Expect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes keyed rows into a table without a primary key, such as {@code CREATE TABLE foo (data
 * OBJECT(DYNAMIC))}. A search sees only what was refreshed, so one refresh comes before each batch;
 * one query then finds the rows of all its keys, and they are changed by CrateDB's own {@code _id}.
 */
final class PlainWriter {

  private final CrateClient client;
  private final BulkWriter writer;

  PlainWriter(CrateClient client, BulkWriter writer) {
    this.client = client;
    this.writer = writer;
  }

  /** A change of the row with this {@code _id}. */
  private record Change(RowWrite write, String id) {}

  List<RowFailure> write(OpenTable table, List<RowWrite> writes) {
    if (writes.isEmpty()) {
      return List.of();
    }
    client.execute("REFRESH TABLE " + table.target().sql());
    KeySearch search = new KeySearch(client, table);
    Map<RowKey, List<String>> ids = search.find(writes);
    Sorted sorted = new Sorted();
    List<RowFailure> failures = new ArrayList<>();
    for (RowWrite write : writes) {
      RowKey key = Objects.requireNonNull(write.key());
      if (write.kind() == WriteKind.DELETE || search.values(key) != null) {
        sorted.add(write, ids);
      } else {
        // In aux nobody would find it, and the next write of this key would be a second row.
        failures.add(
            new RowFailure(
                write,
                "the key "
                    + key
                    + " does not fit its column exactly: give the column a type that holds it"));
      }
    }
    BulkWriter.Run run = writer.run();
    sorted.start(run, table);
    failures.addAll(run.await());
    return failures;
  }

  /** Writes by the statement that each needs. */
  private static final class Sorted {
    private final List<RowWrite> inserts = new ArrayList<>();
    private final List<Change> replaces = new ArrayList<>();
    private final List<Change> merges = new ArrayList<>();
    private final List<Change> deletes = new ArrayList<>();

    void add(RowWrite write, Map<RowKey, List<String>> ids) {
      List<String> present = ids.getOrDefault(Objects.requireNonNull(write.key()), List.of());
      switch (write.kind()) {
        case PUT -> change(write, present, replaces);
        case MERGE -> change(write, present, merges);
        case DELETE -> present.forEach(id -> deletes.add(new Change(write, id)));
        case MOVE -> {
          RowKey from = Objects.requireNonNull(write.previousKey());
          List<String> previous = ids.getOrDefault(from, List.of());
          if (present.isEmpty()) {
            change(write, previous, merges);
          } else {
            // Moved before: an earlier try or replay.
            change(write, present, merges);
            previous.forEach(id -> deletes.add(new Change(write, id)));
          }
        }
        case APPEND, REMOVE_ONE ->
            throw new IllegalArgumentException(write.kind() + " is written otherwise");
      }
    }

    private void change(RowWrite write, List<String> present, List<Change> changes) {
      if (present.isEmpty()) {
        inserts.add(write);
        return;
      }
      changes.add(new Change(write, present.get(0)));
      // The key is unique at the source: more rows of it are leftovers.
      present.subList(1, present.size()).forEach(id -> deletes.add(new Change(write, id)));
    }

    void start(BulkWriter.Run run, OpenTable table) {
      byStatement(replaces, change -> PlainStatements.replace(table, change.write().row()))
          .forEach(
              (statement, changes) ->
                  run.add(
                      statement,
                      changes,
                      Change::write,
                      (out, change) -> update(table, out, change, false),
                      Expect.ONE));
      byStatement(merges, change -> PlainStatements.merge(table, change.write().row()))
          .forEach(
              (statement, changes) ->
                  run.add(
                      statement,
                      changes,
                      Change::write,
                      (out, change) -> update(table, out, change, true),
                      Expect.ONE));
      Statements statements = new Statements(table.target());
      byStatement(inserts, write -> statements.put(table.plan(write.row().columns()).written()))
          .forEach(
              (statement, writes) ->
                  run.add(
                      statement,
                      writes,
                      (out, write) -> renderer(table, write).put(out, write),
                      Expect.ONE));
      run.add(
          "DELETE FROM " + table.target().sql() + " WHERE _id = ?",
          deletes,
          Change::write,
          (out, change) -> {
            out.raw('[').string(change.id()).raw(']');
            return null;
          },
          Expect.AT_MOST_ONE);
    }

    private static <T> Map<String, List<T>> byStatement(List<T> items, Function<T, String> text) {
      Map<String, List<T>> groups = new LinkedHashMap<>();
      for (T item : items) {
        groups.computeIfAbsent(text.apply(item), key -> new ArrayList<>()).add(item);
      }
      return groups;
    }

    private static RowRenderer renderer(OpenTable table, RowWrite write) {
      return new RowRenderer(table.plan(write.row().columns()));
    }

    private static @Nullable String update(
        OpenTable table, JsonBuffer out, Change change, boolean merge) {
      RowRenderer renderer = renderer(table, change.write());
      String problem =
          merge ? renderer.merge(out, change.write()) : renderer.put(out, change.write());
      if (problem == null) {
        out.truncate(out.size() - 1).raw(',').string(change.id()).raw(']');
      }
      return problem;
    }
  }
}
