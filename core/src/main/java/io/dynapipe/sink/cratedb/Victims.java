package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Row;
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
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses which of equal rows each removal of a batch takes. One thread at a time. */
final class Victims {

  private static final Logger LOG = LoggerFactory.getLogger(Victims.class);

  private final Removals removals;
  private final EventPlace place;
  private final ContentSearch content;
  private final TableName table;

  Victims(Removals removals, EventPlace place, ContentSearch content, TableName table) {
    this.removals = removals;
    this.place = place;
    this.content = content;
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
    searchContent(writes, chosen, taken);
    removals.record(table, chosen);
    tellMissing(chosen);
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

  /**
   * For removals without a victim: a row that was written before its table's columns were renamed,
   * dropped or given other types has another digest.
   */
  private void searchContent(List<RowWrite> writes, Map<String, String> chosen, Set<String> taken) {
    Map<String, RowWrite> lacking = new LinkedHashMap<>();
    Map<Row, Integer> wanted = new LinkedHashMap<>();
    for (RowWrite write : writes) {
      boolean removal = write.kind() == WriteKind.REMOVE_ONE;
      if (removal && "".equals(chosen.get(write.eventId()))) {
        lacking.put(write.eventId(), write);
      }
    }
    lacking.values().forEach(write -> wanted.merge(write.row(), 1, Integer::sum));
    Map<Row, Iterator<String>> found = new HashMap<>();
    wanted.forEach((row, count) -> found.put(row, free(row, count, taken).iterator()));
    lacking.forEach(
        (event, write) -> {
          Iterator<String> rows = Objects.requireNonNull(found.get(write.row()));
          while (rows.hasNext()) {
            String victim = rows.next();
            // Rows of different texts may hold the same values.
            if (taken.add(victim)) {
              chosen.put(event, victim);
              return;
            }
          }
        });
  }

  private List<String> free(Row row, int count, Set<String> taken) {
    for (int limit = count + 1_000; ; limit *= 2) {
      ContentSearch.Found found = content.find(row, limit);
      taken.addAll(removals.taken(table, found.events()));
      List<String> free = found.events().stream().filter(event -> !taken.contains(event)).toList();
      if (free.size() >= count || found.complete()) {
        return free;
      }
    }
  }

  private void tellMissing(Map<String, String> chosen) {
    List<String> missing =
        chosen.keySet().stream().filter(event -> "".equals(chosen.get(event))).toList();
    if (!missing.isEmpty()) {
      LOG.warn(
          "{} has no row for {} deletes or old rows of updates, of which the first is of event {}:"
              + " they removed nothing. Right if the rows never came, as when a load was left out;"
              + " else compare the table with the source (dynapipe verify)",
          table,
          missing.size(),
          missing.get(0));
    }
  }
}
