package io.dynapipe.stream.embedded;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Small facts that a replication task must remember, as text by key: positions, progress of tables,
 * counts. Changes are durable when their call returns. Thread-safe.
 */
public final class TaskState {

  private final EmbeddedStore store;
  private final String task;

  TaskState(EmbeddedStore store, String task) {
    this.store = store;
    this.task = task;
  }

  static List<String> names(EmbeddedStore store) {
    return store.read(
        sqlite -> {
          List<String> names = new ArrayList<>();
          try (ResultSet rows =
              sqlite.query("SELECT DISTINCT task FROM task_state ORDER BY task")) {
            while (rows.next()) {
              names.add(rows.getString(1));
            }
          }
          return names;
        });
  }

  public @Nullable String get(String key) {
    return store
        .read(
            sqlite -> {
              try (ResultSet rows =
                  sqlite.query(
                      "SELECT value FROM task_state WHERE task = ? AND key = ?", task, key)) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.<String>empty();
              }
            })
        .orElse(null);
  }

  /** All keys that begin with a prefix, in order, from one moment; {@code ""} for all there are. */
  public SortedMap<String, String> all(String prefix) {
    return store.read(
        sqlite -> {
          SortedMap<String, String> values = new TreeMap<>();
          try (ResultSet rows =
              sqlite.query(
                  "SELECT key, value FROM task_state WHERE task = ?"
                      + " AND substr(key, 1, length(?)) = ?",
                  task,
                  prefix,
                  prefix)) {
            while (rows.next()) {
              values.put(rows.getString(1), rows.getString(2));
            }
          }
          return values;
        });
  }

  public void put(String key, String value) {
    change(Map.of(key, value));
  }

  public void delete(String key) {
    Map<String, @Nullable String> change = new LinkedHashMap<>();
    change.put(key, null);
    change(change);
  }

  /**
   * Changes several keys, all or none.
   *
   * @param changes new values by key; null deletes the key
   */
  public void change(Map<String, ? extends @Nullable String> changes) {
    Map<String, @Nullable String> copy = new LinkedHashMap<>(changes);
    store
        .committer()
        .commit(
            sqlite -> {
              for (Map.Entry<String, @Nullable String> change : copy.entrySet()) {
                change(sqlite, change.getKey(), change.getValue());
              }
            });
  }

  private void change(Sqlite sqlite, String key, @Nullable String value) throws SQLException {
    if (value == null) {
      sqlite.update("DELETE FROM task_state WHERE task = ? AND key = ?", task, key);
    } else {
      sqlite.update(
          "INSERT INTO task_state (task, key, value) VALUES (?, ?, ?)"
              + " ON CONFLICT DO UPDATE SET value = excluded.value",
          task,
          key,
          value);
    }
  }

  /** Forgets the task. */
  public void clear() {
    store
        .committer()
        .commit(sqlite -> sqlite.update("DELETE FROM task_state WHERE task = ?", task));
  }
}
