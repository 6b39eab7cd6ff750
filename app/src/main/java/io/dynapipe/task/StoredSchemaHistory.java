package io.dynapipe.task;

import io.dynapipe.event.Lsn;
import io.dynapipe.source.postgres.SchemaHistory;
import io.dynapipe.source.postgres.SourceTableJson;
import io.dynapipe.stream.embedded.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The history of definitions in the state directory: one key an entry, {@code oid lsn micros
 * definition} as its value; the first versions wrote no {@code micros}. One thread at a time.
 */
final class StoredSchemaHistory implements SchemaHistory {

  private static final String PREFIX = "schema:";
  private static final String DROPPED = "-";

  private final TaskState state;

  StoredSchemaHistory(TaskState state) {
    this.state = state;
  }

  @Override
  public List<Telling> all() {
    List<Telling> all = new ArrayList<>();
    state.all(PREFIX).values().forEach(value -> all.add(parse(value)));
    return all;
  }

  private static Telling parse(String value) {
    String[] parts = value.split(" ", 3);
    String definition = parts[2];
    long micros = 0;
    if (Character.isDigit(definition.charAt(0))) {
      int end = definition.indexOf(' ');
      micros = Long.parseLong(definition.substring(0, end));
      definition = definition.substring(end + 1);
    }
    return new Telling(
        Long.parseLong(parts[0]),
        definition.equals(DROPPED) ? null : SourceTableJson.read(definition),
        Lsn.parse(parts[1]),
        micros);
  }

  @Override
  public void record(Telling telling) {
    SortedMap<String, String> entries = state.all(PREFIX);
    long number =
        entries.isEmpty() ? 1 : Long.parseLong(entries.lastKey().substring(PREFIX.length())) + 1;
    String definition = telling.table() == null ? DROPPED : SourceTableJson.write(telling.table());
    state.put(
        PREFIX + String.format("%012d", number),
        telling.oid() + " " + telling.position() + " " + telling.micros() + " " + definition);
  }

  @Override
  public void forget(Telling telling) {
    for (Map.Entry<String, String> entry : state.all(PREFIX).entrySet()) {
      if (parse(entry.getValue()).equals(telling)) {
        state.delete(entry.getKey());
        return;
      }
    }
  }
}
