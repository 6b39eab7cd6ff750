package io.dynapipe.sink.postgres;

import io.dynapipe.sink.Bookmarks;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.Map;

/** The table {@code dynapipe.bookmarks}. Thread-safe. */
final class PostgresBookmarks implements Bookmarks {

  private static final String READING = "reading dynapipe.bookmarks";
  private static final String WRITING = "writing dynapipe.bookmarks";

  private final Database database;

  PostgresBookmarks(Database database) {
    this.database = database;
  }

  @Override
  public Map<String, String> read(String owner) {
    return database.inTransaction(
        READING,
        connection -> {
          Bookkeeping.ensure(connection);
          Map<String, String> texts = new HashMap<>();
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT name, value FROM dynapipe.bookmarks WHERE owner = ?")) {
            statement.setString(1, owner);
            try (ResultSet result = statement.executeQuery()) {
              while (result.next()) {
                texts.put(result.getString(1), result.getString(2));
              }
            }
          }
          return texts;
        });
  }

  @Override
  public void save(String owner, String name, String value) {
    change(
        "INSERT INTO dynapipe.bookmarks (owner, name, value) VALUES (?, ?, ?)"
            + " ON CONFLICT (owner, name) DO UPDATE SET value = excluded.value",
        owner,
        name,
        value);
  }

  @Override
  public void remove(String owner, String name) {
    change("DELETE FROM dynapipe.bookmarks WHERE owner = ? AND name = ?", owner, name);
  }

  private void change(String sql, String... values) {
    database.change(
        WRITING,
        connection -> {
          Bookkeeping.ensure(connection);
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
              statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
          }
        });
  }
}
