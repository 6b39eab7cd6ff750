package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowKey;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.cratedb.ValueEncoder.Fit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the rows of keys in a table without a primary key, all keys of a batch in one query. */
final class KeySearch {

  private static final int MAX_KEYS = 10_000;

  private final CrateClient client;
  private final OpenTable table;

  KeySearch(CrateClient client, OpenTable table) {
    this.client = client;
    this.table = table;
  }

  /**
   * The {@code _id}s of the rows of each key, old keys of moves included. A key without rows is not
   * there.
   */
  Map<RowKey, List<String>> find(List<RowWrite> writes) {
    Map<RowKey, List<Object>> keys = new LinkedHashMap<>();
    for (RowWrite write : writes) {
      add(keys, write.key());
      add(keys, write.previousKey());
    }
    Map<RowKey, List<String>> found = new HashMap<>();
    List<Map.Entry<RowKey, List<Object>>> all = new ArrayList<>(keys.entrySet());
    for (int from = 0; from < all.size(); from += MAX_KEYS) {
      search(all.subList(from, Math.min(from + MAX_KEYS, all.size())), found);
    }
    return found;
  }

  private void add(Map<RowKey, List<Object>> keys, @Nullable RowKey key) {
    List<Object> values = key == null ? null : values(key);
    if (key != null && values != null) {
      keys.put(key, values);
    }
  }

  /**
   * The key's values as the table holds them: texts, booleans and numbers without needless zeros.
   * Null when it cannot hold them exactly, so that no row can have the key.
   */
  @Nullable List<Object> values(RowKey key) {
    Row row = key.values();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      String name = row.columns().name(i);
      CrateType type = table.target().type(name);
      Column known = table.source() == null ? null : table.source().column(name);
      Column column = known == null ? Column.of(name, DataType.STRING) : known;
      JsonBuffer json = new JsonBuffer(64);
      if (type == null || ValueEncoders.key(type, column).encode(json, row, i) != Fit.EXACT) {
        return null;
      }
      String text = json.toString();
      values.add(text.startsWith("\"") ? String.valueOf(row.text(i)) : scalar(text));
    }
    return values;
  }

  private static Object scalar(String text) {
    return text.equals("true") || text.equals("false")
        ? Boolean.valueOf(text)
        : new BigDecimal(text).stripTrailingZeros();
  }

  private void search(List<Map.Entry<RowKey, List<Object>>> keys, Map<RowKey, List<String>> found) {
    if (keys.isEmpty()) {
      return;
    }
    TargetTable target = table.target();
    List<String> references =
        keys.get(0).getKey().values().columns().asList().stream().map(target::reference).toList();
    Map<List<Object>, RowKey> byValues = new HashMap<>();
    List<Set<Object>> wanted = new ArrayList<>();
    references.forEach(reference -> wanted.add(new LinkedHashSet<>()));
    keys.forEach(
        entry -> {
          byValues.put(entry.getValue(), entry.getKey());
          for (int i = 0; i < wanted.size(); i++) {
            wanted.get(i).add(entry.getValue().get(i));
          }
        });
    String condition =
        references.stream().map(name -> name + " = ANY(?)").collect(Collectors.joining(" AND "));
    @Nullable Object[] args = wanted.stream().map(ArrayList::new).toArray();
    SqlAnswer answer =
        client.execute(
            "SELECT _id, "
                + String.join(", ", references)
                + " FROM "
                + target.sql()
                + " WHERE "
                + condition,
            args);
    for (List<@Nullable Object> row : answer.rows()) {
      RowKey key = byValues.get(row.subList(1, row.size()));
      if (key != null) {
        found.computeIfAbsent(key, k -> new ArrayList<>()).add(String.valueOf(row.get(0)));
      }
    }
  }
}
