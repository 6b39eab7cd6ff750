package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import io.dynapipe.sink.FormerNames;
import io.dynapipe.sink.FormerNames.Parting;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code dynapipe.renames}, with the source's names. A dropped table's new name is empty.
 * Thread-safe.
 */
final class Partings {

  private static final TableName TABLE = new TableName("dynapipe", "renames");

  private final CrateClient client;
  private volatile @Nullable FormerNames known;

  Partings(CrateClient client) {
    this.client = client;
  }

  /** All so far. */
  FormerNames all() {
    FormerNames all = known;
    if (all == null) {
      all = new FormerNames(read());
      known = all;
    }
    return all;
  }

  /** Remembers a drop, in place of those told later: what follows it is not before them. */
  void addDrop(TableName table, long micros) {
    if (all().isDroppedLater(table, micros)) {
      client.execute(
          "DELETE FROM "
              + SqlText.table(TABLE)
              + " WHERE table_schema = ? AND table_name = ? AND new_name = ''"
              + " AND renamed_micros > ?",
          table.schema(),
          table.name(),
          micros);
    }
    add(new Parting(table, null, micros));
  }

  /** Remembers one. */
  void add(Parting parting) {
    TableName to = parting.to();
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
        parting.from().schema(),
        parting.from().name(),
        parting.micros(),
        to == null ? "" : to.schema(),
        to == null ? "" : to.name());
    client.execute("REFRESH TABLE " + SqlText.table(TABLE));
    forget();
  }

  /** Reads them again when next asked. */
  void forget() {
    known = null;
  }

  private List<Parting> read() {
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
    List<Parting> all = new ArrayList<>();
    for (List<@Nullable Object> row : answer.rows()) {
      if (row.get(4) instanceof Number micros) {
        boolean dropped = String.valueOf(row.get(3)).isEmpty();
        all.add(new Parting(name(row, 0), dropped ? null : name(row, 2), micros.longValue()));
      }
    }
    return all;
  }

  private static TableName name(List<@Nullable Object> row, int index) {
    return new TableName(String.valueOf(row.get(index)), String.valueOf(row.get(index + 1)));
  }
}
