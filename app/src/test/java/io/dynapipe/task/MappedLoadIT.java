package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Table mappings decide what is read at the source, and whole old rows reach the rules. */
class MappedLoadIT {

  private static final String FOO =
      "\"object-locator\": {\"schema-name\": \"public\", \"table-name\": \"foo\"}";
  private static final String SELECTION =
      "{\"rule-type\": \"selection\", \"rule-id\": \"1\", \"rule-name\": \"1\","
          + " \"rule-action\": \"include\", "
          + FOO
          + "%s}";

  @TempDir private Path state;
  private Replication replication;

  @BeforeEach
  void create() throws Exception {
    replication = new Replication(state);
    replication
        .source()
        .run(
            "CREATE TABLE foo (id int PRIMARY KEY, n int, v text)",
            "INSERT INTO foo SELECT i, i % 5, 'v' || i FROM generate_series(1, 100) i",
            "INSERT INTO foo VALUES (101, NULL, NULL)");
  }

  @AfterEach
  void close() throws Exception {
    replication.close();
  }

  private void mappings(String selectionMore, String... rules) {
    String all = rules.length == 0 ? "" : ", " + String.join(", ", rules);
    replication.withMappings("{\"rules\": [" + SELECTION.formatted(selectionMore) + all + "]}");
  }

  @Test
  void filterHoldsForLoadAndChanges() throws Exception {
    replication.source().run("ALTER TABLE foo REPLICA IDENTITY FULL");
    mappings(
        ", \"filters\": [{\"filter-type\": \"source\", \"column-name\": \"n\","
            + " \"filter-conditions\": [{\"filter-operator\": \"gte\", \"value\": \"3\"}]}]");
    replication.start();
    replication.catchUp();
    assertThat(replication.pipeline().statistics().capturedTotal().loads())
        .as("rows that the source was asked for")
        .isEqualTo(40);
    replication
        .source()
        .run(
            "UPDATE foo SET n = 9 WHERE id = 1",
            "UPDATE foo SET n = 0 WHERE id = 3",
            "UPDATE foo SET v = 'same' WHERE id IN (4, 5)",
            "DELETE FROM foo WHERE id IN (8, 10)");
    replication.catchUp();
    assertThat(replication.targetRows("foo"))
        .isEqualTo(
            replication
                .source()
                .query("SELECT to_jsonb(t)::text FROM foo t WHERE n >= 3 ORDER BY 1"));
  }

  @Test
  void columnsThatAreNotWantedAreNotRead() throws Exception {
    mappings(
        "",
        "{\"rule-type\": \"transformation\", \"rule-id\": \"2\", \"rule-name\": \"2\","
            + " \"rule-action\": \"remove-column\", \"rule-target\": \"column\","
            + " \"object-locator\": {\"schema-name\": \"public\", \"table-name\": \"foo\","
            + " \"column-name\": \"v\"}}");
    replication.start();
    replication.source().run("UPDATE foo SET n = 77 WHERE id = 1", "DELETE FROM foo WHERE id = 2");
    replication.catchUp();
    assertThat(replication.targetRows("foo"))
        .isEqualTo(
            replication.source().query("SELECT (to_jsonb(t) - 'v')::text FROM foo t ORDER BY 1"));
  }

  @Test
  void rangesSplitATableAndLoseNoRow() throws Exception {
    mappings(
        "",
        "{\"rule-type\": \"table-settings\", \"rule-id\": \"2\", \"rule-name\": \"2\", "
            + FOO
            + ", \"parallel-load\": {\"type\": \"ranges\", \"columns\": [\"n\", \"id\"],"
            + " \"boundaries\": [[\"1\", \"50\"], [\"3\", \"0\"]]}}");
    replication.start();
    replication.catchUp();
    replication.assertEqual("foo");
    assertThat(replication.pipeline().statistics().capturedTotal().loads()).isEqualTo(101);
  }

  @Test
  void tablesOfAHigherLoadOrderComeFirst() throws Exception {
    replication.source().run("CREATE TABLE bar (id int PRIMARY KEY)");
    replication.withMappings(
        "{\"rules\": ["
            + SELECTION.formatted(", \"load-order\": \"2\"")
            + ", "
            + SELECTION.formatted("").replace("foo", "bar").replace("\"1\"", "\"2\"")
            + "]}");
    CaptureTask capture =
        new CaptureTask(
            replication.definition(),
            replication.source().server(),
            new LineWriter(java.io.OutputStream.nullOutputStream()),
            new TransientProgress("none", CaptureProgress.Phase.NEW),
            new TaskStatistics());
    assertThat(capture.preflight().stream().map(table -> table.name().name()))
        .isEqualTo(List.of("foo", "bar"));
  }
}
