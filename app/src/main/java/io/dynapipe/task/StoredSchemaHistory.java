package io.dynapipe.task;

import io.dynapipe.event.Lsn;
import io.dynapipe.source.postgres.SchemaHistory;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.SourceTableJson;
import io.dynapipe.stream.embedded.TaskState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The history of definitions in the state directory: one key an entry, {@code oid lsn definition}
 * as its value. One thread at a time.
 */
final class StoredSchemaHistory implements SchemaHistory {

  private static final String PREFIX = "schema:";
  private static final String DROPPED = "-";

  private final TaskState state;

  StoredSchemaHistory(TaskState state) {
    this.state = state;
  }

  @Override
  public List<SourceTable> before(Lsn position) {
    Map<Long, SourceTable> last = new LinkedHashMap<>();
    Map<String, @Nullable String> forgotten = new HashMap<>();
    state
        .all(PREFIX)
        .forEach(
            (key, value) -> {
              String[] parts = value.split(" ", 3);
              Lsn told = Lsn.parse(parts[1]);
              if (!told.isNone() && told.compareTo(position) >= 0) {
                forgotten.put(key, null);
              } else if (parts[2].equals(DROPPED)) {
                last.remove(Long.parseLong(parts[0]));
              } else {
                last.put(Long.parseLong(parts[0]), SourceTableJson.read(parts[2]));
              }
            });
    if (!forgotten.isEmpty()) {
      state.change(forgotten);
    }
    return List.copyOf(last.values());
  }

  @Override
  public void record(long oid, @Nullable SourceTable table, Lsn position) {
    SortedMap<String, String> entries = state.all(PREFIX);
    long number =
        entries.isEmpty() ? 1 : Long.parseLong(entries.lastKey().substring(PREFIX.length())) + 1;
    String definition = table == null ? DROPPED : SourceTableJson.write(table);
    state.put(PREFIX + String.format("%012d", number), oid + " " + position + " " + definition);
  }
}
