package io.dynapipe.sink.cratedb;

import io.dynapipe.event.TableName;
import io.dynapipe.sink.Bookmarks;
import java.util.HashMap;
import java.util.Map;

/**
 * The table {@code dynapipe.bookmarks}. Reads refresh it first, since only reads by primary key see
 * the last writes. Thread-safe.
 */
final class CrateBookmarks implements Bookmarks {

  private static final String TABLE = SqlText.table(new TableName("dynapipe", "bookmarks"));

  private final CrateClient client;
  private volatile boolean present;

  CrateBookmarks(CrateClient client) {
    this.client = client;
  }

  @Override
  public Map<String, String> read(String owner) {
    Map<String, String> texts = new HashMap<>();
    if (isPresent()) {
      client
          .execute("SELECT name, value FROM " + TABLE + " WHERE owner = ?", owner)
          .rows()
          .forEach(row -> texts.put(String.valueOf(row.get(0)), String.valueOf(row.get(1))));
    }
    return texts;
  }

  @Override
  public void save(String owner, String name, String value) {
    if (!present) {
      client.execute(
          "CREATE TABLE IF NOT EXISTS "
              + TABLE
              + " (owner TEXT, name TEXT, value TEXT INDEX OFF STORAGE WITH (columnstore = false),"
              + " PRIMARY KEY (owner, name)) CLUSTERED INTO 1 SHARDS");
      present = true;
    }
    client.execute(
        "INSERT INTO "
            + TABLE
            + " (owner, name, value) VALUES (?, ?, ?) ON CONFLICT (owner, name) DO UPDATE SET"
            + " value = excluded.value",
        owner,
        name,
        value);
  }

  @Override
  public void remove(String owner, String name) {
    if (isPresent()) {
      client.execute("DELETE FROM " + TABLE + " WHERE owner = ? AND name = ?", owner, name);
    }
  }

  /** Refreshes the table and tells whether there is one. */
  private boolean isPresent() {
    CrateError error = client.attempt("REFRESH TABLE " + TABLE).error();
    if (error != null && !error.isMissingTable()) {
      throw error.toException("cannot read " + TABLE);
    }
    present = error == null;
    return present;
  }
}
