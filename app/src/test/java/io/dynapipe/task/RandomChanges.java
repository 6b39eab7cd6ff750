package io.dynapipe.task;

import static io.dynapipe.demo.EmbeddedQuery.connect;
import static io.dynapipe.demo.EmbeddedQuery.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.demo.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random changes of rows and tables at a source, and whether the target has become the same. */
final class RandomChanges {

  private static final int KEYS = 200;

  private final EmbeddedServer server;
  private final Random random;
  private final List<String> columns = new ArrayList<>(List.of("n", "text"));
  private int names;

  RandomChanges(EmbeddedServer server, long seed) {
    this.server = server;
    this.random = new Random(seed);
  }

  void createTables() {
    server.execute(
        "source",
        "CREATE TABLE a (id INT PRIMARY KEY, n BIGINT, text TEXT)",
        "CREATE TABLE b (id INT PRIMARY KEY, n BIGINT, text TEXT)",
        "ALTER TABLE b ALTER COLUMN text SET STORAGE EXTERNAL",
        "INSERT INTO a SELECT i, 0, 'first' FROM generate_series(1, 100) i",
        "INSERT INTO b SELECT i, 0, repeat('long', 1000) FROM generate_series(1, 100) i");
  }

  /** Changes of rows, in transactions of one to five; of tables, too, when wanted. */
  void play(int changes, boolean ofTables) throws SQLException {
    try (Connection connection = connect(server.url("source"));
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < changes; i++) {
        statement.execute(rowChange(i));
        if (ofTables && random.nextInt(40) == 0) {
          connection.commit();
          statement.execute(tableChange(i));
        }
        if (random.nextInt(3) == 0) {
          connection.commit();
        }
      }
      connection.commit();
    }
  }

  private String rowChange(int i) {
    int id = random.nextInt(KEYS);
    return switch (random.nextInt(12)) {
      case 0, 1 -> "DELETE FROM a WHERE id = " + id;
      case 2 -> "UPDATE a SET id = id + " + KEYS * (i + 1) + " WHERE id = " + id;
      // Its text is in TOAST and does not come again.
      case 3 -> "UPDATE b SET id = id + " + KEYS * (i + 1) + " WHERE id = " + id;
      case 4, 5 -> "UPDATE b SET n = coalesce(n, 0) + 1 WHERE id = " + id;
      case 6 ->
          "INSERT INTO b VALUES (" + id + ", 1, repeat('" + i + "', 3000)) ON CONFLICT DO NOTHING";
      default ->
          "INSERT INTO a (id, "
              + columns.get(0)
              + ") VALUES ("
              + id
              + ", "
              + i
              + ") ON CONFLICT (id) DO UPDATE SET id = a.id";
    };
  }

  private String tableChange(int i) {
    switch (random.nextInt(6)) {
      case 0 -> {
        return "TRUNCATE a";
      }
      case 1 -> {
        columns.clear();
        columns.addAll(List.of("n", "text"));
        return "DROP TABLE a; CREATE TABLE a (id INT PRIMARY KEY, n BIGINT, text TEXT);"
            + " INSERT INTO a VALUES ("
            + i
            + ", "
            + i
            + ", 'new')";
      }
      case 2 -> {
        if (columns.size() > 2) {
          return "ALTER TABLE a DROP COLUMN " + columns.remove(columns.size() - 1);
        }
        return "TRUNCATE b";
      }
      case 3 -> {
        String renamed = "r" + ++names;
        String old = columns.set(columns.size() - 1, renamed);
        return "ALTER TABLE a RENAME COLUMN " + old + " TO " + renamed;
      }
      default -> {
        String added = "c" + ++names;
        columns.add(added);
        return "ALTER TABLE a ADD COLUMN "
            + added
            + " TEXT; UPDATE a SET "
            + added
            + " = '"
            + i
            + "' WHERE id % 3 = 0";
      }
    }
  }

  /** Compares the columns that the source has. */
  void assertEqual() throws SQLException {
    for (String table : List.of("a", "b")) {
      String list =
          String.join(
              ", ",
              rows(
                  server.url("source"),
                  "SELECT quote_ident(column_name) FROM information_schema.columns"
                      + " WHERE table_schema = 'public' AND table_name = '"
                      + table
                      + "' ORDER BY ordinal_position"));
      String sql = "SELECT row(" + list + ")::text FROM public." + table + " ORDER BY id";
      assertThat(rows(server.url("target"), sql))
          .as(table)
          .isEqualTo(rows(server.url("source"), sql))
          .isNotEmpty();
    }
    assertThat(rows(server.url("target"), "SELECT reason FROM dynapipe.quarantine")).isEmpty();
  }
}
