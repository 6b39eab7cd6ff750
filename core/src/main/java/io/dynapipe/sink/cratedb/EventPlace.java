package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a row of a table without a key keeps the id of its event and the digest of its content: in
 * {@code pk} of our own tables, else in two members or columns.
 */
final class EventPlace {

  /** Members, or columns, in tables that a person made. */
  static final String EVENT = "_dynapipe_event";

  static final String ROW = "_dynapipe_row";

  /** More rows than this are fetched digest by digest, so that equal rows do not fill memory. */
  private static final int MAX_ROWS = 50_000;

  private final CrateClient client;
  private final TargetTable table;
  private final String event;
  private final String row;

  EventPlace(CrateClient client, TargetTable table) {
    this.client = client;
    this.table = table;
    boolean own = table.keyStyle() == TargetTable.KeyStyle.EVENT;
    this.event = own ? SqlText.member("pk", CreateTable.EVENT) : table.reference(EVENT);
    this.row = own ? SqlText.member("pk", CreateTable.ROW) : table.reference(ROW);
  }

  /** How statements name the event's id. */
  String event() {
    return event;
  }

  /** The columns a table that a person made needs. */
  static Map<String, CrateType> columns(TargetTable table) {
    Map<String, CrateType> types = new LinkedHashMap<>();
    if (table.keyStyle() == TargetTable.KeyStyle.NONE) {
      for (String name : List.of(EVENT, ROW)) {
        if (table.type(name) == null) {
          types.put(name, CrateType.TEXT);
        }
      }
    }
    return types;
  }

  /** Makes searches see all writes before them. */
  void refresh() {
    client.execute("REFRESH TABLE " + table.sql());
  }

  /** Which of these events have a row; after a refresh. */
  Set<String> present(Collection<String> events) {
    Set<String> present = new LinkedHashSet<>();
    if (!events.isEmpty()) {
      client
          .execute(
              "SELECT " + event + " FROM " + table.sql() + " WHERE " + event + " = ANY(?)",
              new ArrayList<>(events))
          .rows()
          .forEach(found -> present.add(String.valueOf(found.get(0))));
    }
    return present;
  }

  /**
   * Events of rows with these digests that no removal took, after a refresh.
   *
   * @param wanted how many rows of each digest are needed
   * @param taken events known to be taken; completed
   */
  Map<String, Set<String>> freeRows(
      Map<String, Integer> wanted, Set<String> taken, Removals removals, TableName name) {
    Map<String, Set<String>> free = new HashMap<>();
    if (wanted.isEmpty()) {
      return free;
    }
    List<List<@Nullable Object>> rows = search(new ArrayList<>(wanted.keySet()), MAX_ROWS);
    if (rows.size() < MAX_ROWS) {
      collect(rows, free, taken, removals, name);
      return free;
    }
    wanted.forEach(
        (digest, count) -> {
          List<List<@Nullable Object>> some;
          int limit = count + 1_000;
          do {
            // Rows that were taken may still be there, or be there again on a replay.
            some = search(List.of(digest), limit);
            collect(some, free, taken, removals, name);
            limit *= 2;
          } while (some.size() * 2 == limit && free.getOrDefault(digest, Set.of()).size() < count);
        });
    return free;
  }

  private List<List<@Nullable Object>> search(List<String> digests, int limit) {
    return client
        .execute(
            "SELECT "
                + row
                + ", "
                + event
                + " FROM "
                + table.sql()
                + " WHERE "
                + row
                + " = ANY(?) AND "
                + event
                + " IS NOT NULL ORDER BY 2 LIMIT "
                + limit,
            digests)
        .rows();
  }

  private static void collect(
      List<List<@Nullable Object>> rows,
      Map<String, Set<String>> free,
      Set<String> taken,
      Removals removals,
      TableName name) {
    taken.addAll(removals.taken(name, rows.stream().map(r -> String.valueOf(r.get(1))).toList()));
    for (List<@Nullable Object> values : rows) {
      String found = String.valueOf(values.get(1));
      if (!taken.contains(found)) {
        free.computeIfAbsent(String.valueOf(values.get(0)), key -> new LinkedHashSet<>())
            .add(found);
      }
    }
  }
}
