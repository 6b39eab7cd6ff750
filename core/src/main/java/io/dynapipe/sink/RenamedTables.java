package io.dynapipe.sink;

import io.dynapipe.event.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which source table was renamed when, and to what. A replay brings events from before a rename;
 * where the name belongs to another table by now, only their time tells which table they are about.
 * Immutable.
 */
public final class RenamedTables {

  /**
   * A rename.
   *
   * @param micros time of the event that told it, microseconds since 1970-01-01T00:00:00Z
   */
  public record Rename(TableName from, TableName to, long micros) {}

  private final Map<TableName, TreeMap<Long, TableName>> newNames = new HashMap<>();

  public RenamedTables(List<Rename> renames) {
    for (Rename rename : renames) {
      newNames
          .computeIfAbsent(rename.from(), key -> new TreeMap<>())
          .put(rename.micros(), rename.to());
    }
  }

  /** The name that the table has now which had this name at that time. */
  public TableName at(TableName table, long eventMicros) {
    TableName name = table;
    long micros = eventMicros;
    while (true) {
      TreeMap<Long, TableName> renames = newNames.get(name);
      Map.Entry<Long, TableName> next = renames == null ? null : renames.higherEntry(micros);
      if (next == null) {
        return name;
      }
      name = next.getValue();
      micros = next.getKey();
    }
  }

  /** Whether this rename is among them. */
  public boolean has(Rename rename) {
    TreeMap<Long, TableName> renames = newNames.get(rename.from());
    return renames != null && rename.to().equals(renames.get(rename.micros()));
  }
}
