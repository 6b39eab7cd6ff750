package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.sink.DefinitionJson;
import io.dynapipe.sink.Layout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code dynapipe.tables}: which tables Dynapipe made, and the definition at the source
 * of all tables it writes. Read by primary key, which sees every write at once. Thread-safe.
 */
final class Registry {

  private static final TableName TABLE = new TableName("dynapipe", "tables");

  /**
   * A table's entry.
   *
   * @param made whether Dynapipe made the table
   * @param source the definition at the source; null when no event told it
   * @param renamedTo the table that took the rows of this one over; null unless renamed away
   * @param changedMicros time of the event that made or renamed the table
   */
  record Entry(
      boolean made,
      Layout layout,
      @Nullable TableSchema source,
      @Nullable TableName renamedTo,
      long changedMicros) {

    Entry withSource(TableSchema other) {
      return new Entry(made, layout, other, renamedTo, changedMicros);
    }
  }

  private final CrateClient client;
  private volatile boolean present;

  Registry(CrateClient client) {
    this.client = client;
  }

  @Nullable Entry get(TableName table) {
    SqlAnswer answer =
        client.attempt(
            "SELECT made, layout, definition, renamed_schema, renamed_name, changed_micros FROM "
                + SqlText.table(TABLE)
                + " WHERE table_schema = ? AND table_name = ?",
            table.schema(),
            table.name());
    CrateError error = answer.error();
    if (error != null && error.isMissingTable()) {
      return null;
    }
    if (error != null) {
      throw error.toException("cannot read " + TABLE);
    }
    present = true;
    return answer.rows().isEmpty() ? null : entry(answer.rows().get(0));
  }

  private static Entry entry(List<@Nullable Object> row) {
    Object definition = row.get(2);
    Object renamedSchema = row.get(3);
    Object renamedName = row.get(4);
    return new Entry(
        Boolean.TRUE.equals(row.get(0)),
        Layout.parse(String.valueOf(row.get(1))),
        definition == null ? null : DefinitionJson.read(definition.toString()),
        renamedSchema == null || renamedName == null
            ? null
            : new TableName(renamedSchema.toString(), renamedName.toString()),
        row.get(5) instanceof Number changed ? changed.longValue() : 0);
  }

  void put(TableName table, Entry entry) {
    create();
    TableName renamed = entry.renamedTo();
    client.execute(
        "INSERT INTO "
            + SqlText.table(TABLE)
            + " (table_schema, table_name, made, layout, definition, renamed_schema, renamed_name,"
            + " changed_micros) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (table_schema,"
            + " table_name) DO UPDATE SET made = excluded.made, layout = excluded.layout,"
            + " definition = excluded.definition, renamed_schema = excluded.renamed_schema,"
            + " renamed_name = excluded.renamed_name, changed_micros = excluded.changed_micros",
        table.schema(),
        table.name(),
        entry.made(),
        entry.layout().toString(),
        entry.source() == null ? null : DefinitionJson.write(entry.source()),
        renamed == null ? null : renamed.schema(),
        renamed == null ? null : renamed.name(),
        entry.changedMicros());
  }

  void remove(TableName table) {
    SqlAnswer answer =
        client.attempt(
            "DELETE FROM " + SqlText.table(TABLE) + " WHERE table_schema = ? AND table_name = ?",
            table.schema(),
            table.name());
    CrateError error = answer.error();
    if (error != null && !error.isMissingTable()) {
      throw error.toException("cannot write " + TABLE);
    }
  }

  private void create() {
    if (!present) {
      client.execute(
          "CREATE TABLE IF NOT EXISTS "
              + SqlText.table(TABLE)
              + " (table_schema TEXT, table_name TEXT, made BOOLEAN, layout TEXT, definition TEXT"
              + " INDEX OFF STORAGE WITH (columnstore = false), renamed_schema TEXT, renamed_name"
              + " TEXT, changed_micros BIGINT, PRIMARY KEY (table_schema, table_name)) CLUSTERED"
              + " INTO 1 SHARDS");
      present = true;
    }
  }
}
