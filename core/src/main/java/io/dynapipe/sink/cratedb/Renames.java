package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import io.dynapipe.sink.RenamedTables;
import io.dynapipe.sink.RenamedTables.Rename;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table {@code dynapipe.renames}, with the source's names. Thread-safe. */
final class Renames {

  private static final TableName TABLE = new TableName("dynapipe", "renames");

  private final CrateClient client;
  private volatile @Nullable RenamedTables known;

  Renames(CrateClient client) {
    this.client = client;
  }

  /** All renames so far. */
  RenamedTables all() {
    RenamedTables all = known;
    if (all == null) {
      all = new RenamedTables(read());
      known = all;
    }
    return all;
  }

  /** Remembers a rename. */
  void add(Rename rename) {
    client.execute(
        "CREATE TABLE IF NOT EXISTS "
            + SqlText.table(TABLE)
            + " (table_schema TEXT, table_name TEXT, renamed_micros BIGINT, new_schema TEXT,"
            + " new_name TEXT, PRIMARY KEY (table_schema, table_name, renamed_micros)) CLUSTERED"
            + " INTO 1 SHARDS");
    client.execute(
        "INSERT INTO "
            + SqlText.table(TABLE)
            + " (table_schema, table_name, renamed_micros, new_schema, new_name) VALUES"
            + " (?, ?, ?, ?, ?) ON CONFLICT (table_schema, table_name, renamed_micros) DO UPDATE"
            + " SET new_schema = excluded.new_schema, new_name = excluded.new_name",
        rename.from().schema(),
        rename.from().name(),
        rename.micros(),
        rename.to().schema(),
        rename.to().name());
    client.execute("REFRESH TABLE " + SqlText.table(TABLE));
    forget();
  }

  /** Reads them again when next asked. */
  void forget() {
    known = null;
  }

  private List<Rename> read() {
    SqlAnswer answer =
        client.attempt(
            "SELECT table_schema, table_name, new_schema, new_name, renamed_micros FROM "
                + SqlText.table(TABLE));
    CrateError error = answer.error();
    if (error != null && error.isMissingTable()) {
      return List.of();
    }
    if (error != null) {
      throw error.toException("cannot read " + TABLE);
    }
    List<Rename> all = new ArrayList<>();
    for (List<@Nullable Object> row : answer.rows()) {
      if (row.get(4) instanceof Number micros) {
        all.add(new Rename(name(row, 0), name(row, 2), micros.longValue()));
      }
    }
    return all;
  }

  private static TableName name(List<@Nullable Object> row, int index) {
    return new TableName(String.valueOf(row.get(index)), String.valueOf(row.get(index + 1)));
  }
}
