package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.TargetRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole tables from CrateDB, page by page: for comparing. Thread-safe.
 *
 * <p>A table with a primary key is read in its order, so that memory holds one page. One without is
 * read by its rows' ids, which memory holds all (some 100 bytes each).
 */
public final class CrateRows {

  private static final int FIRST_PAGE = 500;
  private static final int MAX_PAGE = 5_000;
  private static final long PAGE_CHARS = 4 << 20;

  private final CrateClient client;
  private final Naming naming;

  public CrateRows(CrateSettings settings) {
    this.client = new CrateClient(settings);
    this.naming = new Naming(settings.tables());
  }

  /**
   * Reads all rows of a table that were written before the call.
   *
   * @param schema the table's definition as events tell it
   * @return false when there is no such table
   * @throws io.dynapipe.error.PipelineException when CrateDB cannot be asked
   */
  public boolean read(TableSchema schema, Consumer<TargetRow> handler) {
    TableName name = naming.target(schema.table());
    RawTable table = name == null ? null : RawTable.read(client, name);
    if (table == null) {
      return false;
    }
    client.execute("REFRESH TABLE " + SqlText.table(table.name()));
    CrateRowReader reader = new CrateRowReader(schema, table);
    if (table.primaryKey().isEmpty()) {
      readByIds(table, reader, handler);
    } else {
      readByKey(table, reader, handler);
    }
    return true;
  }

  private void readByKey(RawTable table, CrateRowReader reader, Consumer<TargetRow> handler) {
    List<String> keys = table.primaryKey().stream().map(CrateRows::reference).toList();
    String select =
        "SELECT "
            + String.join(", ", reader.columns())
            + ", "
            + String.join(", ", keys)
            + " FROM "
            + SqlText.table(table.name());
    List<@Nullable Object> after = List.of();
    int limit = FIRST_PAGE;
    while (true) {
      String where = after.isEmpty() ? "" : " WHERE " + behind(keys);
      List<List<@Nullable Object>> page =
          client
              .execute(
                  select + where + " ORDER BY " + String.join(", ", keys) + " LIMIT " + limit,
                  arguments(after))
              .rows();
      long chars = 0;
      for (List<@Nullable Object> row : page) {
        chars += size(row);
        handler.accept(reader.read(row));
      }
      if (page.size() < limit) {
        return;
      }
      List<@Nullable Object> last = page.get(page.size() - 1);
      after = new ArrayList<>(last.subList(reader.columns().size(), last.size()));
      limit = nextLimit(page.size(), chars);
    }
  }

  /** {@code a > ? OR (a = ? AND b > ?)}: CrateDB does not compare rows. */
  private static String behind(List<String> keys) {
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      StringBuilder term = new StringBuilder();
      for (int j = 0; j < i; j++) {
        term.append(keys.get(j)).append(" = ? AND ");
      }
      terms.add("(" + term + keys.get(i) + " > ?)");
    }
    return String.join(" OR ", terms);
  }

  private static @Nullable Object[] arguments(List<@Nullable Object> after) {
    List<@Nullable Object> arguments = new ArrayList<>();
    for (int i = 1; i <= after.size(); i++) {
      arguments.addAll(after.subList(0, i));
    }
    return arguments.toArray();
  }

  private void readByIds(RawTable table, CrateRowReader reader, Consumer<TargetRow> handler) {
    String from = " FROM " + SqlText.table(table.name());
    List<String> ids = new ArrayList<>();
    client.execute("SELECT _id" + from).rows().forEach(row -> ids.add((String) row.get(0)));
    String select =
        "SELECT " + String.join(", ", reader.columns()) + from + " WHERE _id = ANY(?) LIMIT ";
    int limit = FIRST_PAGE;
    for (int start = 0; start < ids.size(); ) {
      List<String> chunk = ids.subList(start, Math.min(ids.size(), start + limit));
      long chars = 0;
      for (List<@Nullable Object> row : client.execute(select + limit, chunk).rows()) {
        chars += size(row);
        handler.accept(reader.read(row));
      }
      start += chunk.size();
      limit = nextLimit(chunk.size(), chars);
    }
  }

  /** As many rows as are likely to fill a page, told by the last one. */
  private static int nextLimit(int rows, long chars) {
    return (int) Math.max(1, Math.min(MAX_PAGE, rows * PAGE_CHARS / Math.max(1, chars)));
  }

  private static long size(@Nullable Object value) {
    long size = 16;
    if (value instanceof String text) {
      size += text.length();
    } else if (value instanceof Map<?, ?> members) {
      for (Map.Entry<?, ?> member : members.entrySet()) {
        size += size(member.getKey()) + size(member.getValue());
      }
    } else if (value instanceof List<?> elements) {
      for (Object element : elements) {
        size += size(element);
      }
    }
    return size;
  }

  private static String reference(List<String> path) {
    StringBuilder text = new StringBuilder(SqlText.identifier(path.get(0)));
    for (String member : path.subList(1, path.size())) {
      text.append('[').append(SqlText.literal(member)).append(']');
    }
    return text.toString();
  }
}
