package io.dynapipe.sink;

import io.dynapipe.event.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which source table was renamed when, and to what, or dropped. A replay brings events from before
 * that; where the name belongs to another table by now, only their time tells which table they are
 * about. Immutable.
 */
public final class FormerNames {

  /**
   * A table's parting with its name.
   *
   * @param to its new name; null when it was dropped
   * @param micros time of the event that told it, microseconds since 1970-01-01T00:00:00Z
   */
  public record Parting(TableName from, @Nullable TableName to, long micros) {}

  private final Map<TableName, TreeMap<Long, Parting>> partings = new HashMap<>();

  public FormerNames(List<Parting> partings) {
    for (Parting parting : partings) {
      this.partings
          .computeIfAbsent(parting.from(), key -> new TreeMap<>())
          .put(parting.micros(), parting);
    }
  }

  /**
   * The name that the table has now which had this name at that time; null when it was dropped.
   *
   * @param eventMicros 0 when it is not told, which stands for now
   */
  public @Nullable TableName at(TableName table, long eventMicros) {
    if (eventMicros == 0) {
      return table;
    }
    TableName name = table;
    Parting next = next(name, eventMicros);
    while (name != null && next != null) {
      name = next.to();
      next = name == null ? null : next(name, next.micros());
    }
    return name;
  }

  private @Nullable Parting next(TableName name, long micros) {
    TreeMap<Long, Parting> own = partings.get(name);
    Map.Entry<Long, Parting> next = own == null ? null : own.higherEntry(micros);
    return next == null ? null : next.getValue();
  }

  /**
   * Whether drops of this name are known that were told later than a time, as if clocks had been
   * put back.
   */
  public boolean isDroppedLater(TableName table, long micros) {
    TreeMap<Long, Parting> own = partings.get(table);
    return own != null
        && own.tailMap(micros, false).values().stream().anyMatch(parting -> parting.to() == null);
  }

  /** Whether this one is among them. */
  public boolean has(Parting parting) {
    TreeMap<Long, Parting> own = partings.get(parting.from());
    return own != null && parting.equals(own.get(parting.micros()));
  }
}
