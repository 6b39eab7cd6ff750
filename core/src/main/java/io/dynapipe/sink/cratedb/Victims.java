package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.WriteKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chooses which of equal rows each removal of a batch takes. One thread at a time. */
final class Victims {

  private final Removals removals;
  private final EventPlace place;
  private final TableName table;

  Victims(Removals removals, EventPlace place, TableName table) {
    this.removals = removals;
    this.place = place;
    this.table = table;
  }

  /**
   * Chooses and records; a removal that has chosen before keeps its choice, also that there was
   * nothing to take.
   *
   * @return the events of the rows to delete
   */
  Set<String> choose(List<RowWrite> writes) {
    removals.refresh();
    Map<String, String> known =
        removals.victims(
            table,
            writes.stream()
                .filter(write -> write.kind() == WriteKind.REMOVE_ONE)
                .map(RowWrite::eventId)
                .toList());
    Set<String> taken = new HashSet<>(known.values());
    Set<String> appended = new LinkedHashSet<>();
    Map<String, Integer> wanted = new HashMap<>();
    for (RowWrite write : writes) {
      if (write.kind() == WriteKind.APPEND) {
        appended.add(write.eventId());
      } else if (!known.containsKey(write.eventId())) {
        wanted.merge(RowDigest.of(write.row()), 1, Integer::sum);
      }
    }
    taken.addAll(removals.taken(table, appended));
    Map<String, Set<String>> free = place.freeRows(wanted, taken, removals, table);
    Map<String, String> chosen = choose(writes, known, free, taken);
    removals.record(table, chosen);
    Set<String> victims = new LinkedHashSet<>(known.values());
    victims.addAll(chosen.values());
    victims.remove("");
    return victims;
  }

  /** In the order of the list: a removal may take a row that was appended just before it. */
  private static Map<String, String> choose(
      List<RowWrite> writes,
      Map<String, String> known,
      Map<String, Set<String>> free,
      Set<String> taken) {
    Map<String, String> chosen = new LinkedHashMap<>();
    for (RowWrite write : writes) {
      String event = write.eventId();
      Set<String> rows =
          free.computeIfAbsent(RowDigest.of(write.row()), key -> new LinkedHashSet<>());
      if (write.kind() == WriteKind.APPEND) {
        if (!taken.contains(event)) {
          rows.add(event);
        }
      } else if (!known.containsKey(event) && !chosen.containsKey(event)) {
        Iterator<String> first = rows.iterator();
        String victim = first.hasNext() ? first.next() : "";
        chosen.put(event, victim);
        if (!victim.isEmpty()) {
          first.remove();
          taken.add(victim);
        }
      }
    }
    return chosen;
  }
}
