package io.dynapipe.source.postgres;

import io.dynapipe.event.Lsn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A history that ends with its process. */
public final class MemorySchemaHistory implements SchemaHistory {

  private record Entry(long oid, @Nullable SourceTable table, Lsn position) {}

  private final List<Entry> entries = new ArrayList<>();

  @Override
  public List<SourceTable> before(Lsn position) {
    entries.removeIf(
        entry -> !entry.position().isNone() && entry.position().compareTo(position) >= 0);
    Map<Long, SourceTable> last = new LinkedHashMap<>();
    for (Entry entry : entries) {
      if (entry.table() == null) {
        last.remove(entry.oid());
      } else {
        last.put(entry.oid(), entry.table());
      }
    }
    return List.copyOf(last.values());
  }

  @Override
  public void record(long oid, @Nullable SourceTable table, Lsn position) {
    entries.add(new Entry(oid, table, position));
  }
}
