package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.TableName;
import io.dynapipe.source.postgres.PostgresSettings;
import io.dynapipe.stream.embedded.EmbeddedStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of definition that give rows new values, of which PostgreSQL's log says nothing. */
class RewrittenTableIT {

  @TempDir private Path state;
  private Replication replication;

  @BeforeEach
  void create() throws Exception {
    replication = new Replication(state);
    replication
        .source()
        .run(
            "CREATE TABLE keyed (id int PRIMARY KEY, v text)",
            "INSERT INTO keyed SELECT i, 'v' || i FROM generate_series(1, 2000) i",
            "CREATE TABLE bag (a int, v text)",
            "ALTER TABLE bag REPLICA IDENTITY FULL",
            "INSERT INTO bag SELECT i % 7, 'same' FROM generate_series(1, 300) i");
  }

  @AfterEach
  void close() throws Exception {
    replication.close();
  }

  @Test
  void rowsGetTheDefaultOfANewColumnAndTheValuesOfANewType() throws Exception {
    replication.start();
    replication.catchUp();
    replication
        .source()
        .run(
            "ALTER TABLE keyed ADD COLUMN n int DEFAULT 5",
            "ALTER TABLE bag ALTER a TYPE text USING 'a' || a",
            "INSERT INTO keyed VALUES (9001, 'new', NULL)",
            "DELETE FROM keyed WHERE id = 7",
            "INSERT INTO bag VALUES ('b', 'new')",
            "DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag WHERE a = 'a3')");
    replication.catchUp();
    replication.assertEqual("keyed", "bag");

    replication
        .source()
        .run("UPDATE keyed SET n = 6 WHERE id < 10", "DELETE FROM bag WHERE a = 'a1'");
    replication.catchUp();
    replication.assertEqual("keyed", "bag");
    assertThat(replication.pipeline().statistics().tables())
        .allSatisfy(table -> assertThat(table.suspended()).isNull());
  }

  @Test
  void aChangeWhileNobodyStreamsIsSeenToo() throws Exception {
    replication.start();
    replication.catchUp();
    replication.stop();
    replication
        .source()
        .run("ALTER TABLE bag ADD COLUMN n int DEFAULT 5", "INSERT INTO bag VALUES (1, 'new', 1)");
    replication.start();
    replication.catchUp();
    replication.assertEqual("keyed", "bag");
    replication.stop();
    replication.source().run("INSERT INTO bag VALUES (1, 'newer', 1)");
    replication.start();
    replication.catchUp();
    replication.assertEqual("bag");
  }

  @Test
  void aTypeThatLeavesValuesAloneIsNoReasonToLoad() throws Exception {
    replication.start();
    replication.catchUp();
    long loads = loads();
    replication
        .source()
        .run(
            "ALTER TABLE bag ALTER a TYPE bigint",
            "ALTER TABLE keyed ADD COLUMN n int",
            "INSERT INTO bag VALUES (1, 'new')",
            "INSERT INTO keyed VALUES (9001, 'new', 1)");
    replication.catchUp();
    replication.assertEqual("bag");
    assertThat(replication.targetRows("keyed"))
        .hasSize(2001)
        .contains("{\"n\": 1, \"v\": \"new\", \"id\": 9001}");
    assertThat(loads()).isEqualTo(loads);
  }

  @Test
  void aTableMayBeLeftAsItIs() throws Exception {
    replication
        .with(
            replication
                .definition()
                .withSource(PostgresSettings.DEFAULTS.withReloadsRewritten(false)))
        .start();
    replication.catchUp();
    long loads = loads();
    replication
        .source()
        .run(
            "ALTER TABLE keyed ADD COLUMN n int DEFAULT 5",
            "INSERT INTO keyed VALUES (9001, 'new', 1)");
    replication.catchUp();
    assertThat(loads()).isEqualTo(loads);
    assertThat(replication.targetRows("keyed")).hasSize(2001);
  }

  @Test
  void aTableThatOwesALoadLoadsUnderItsNewName() throws Exception {
    replication.start();
    replication.catchUp();
    replication.stop();
    try (EmbeddedStore store = EmbeddedStore.open(state, EmbeddedStore.Access.OWNER)) {
      new StoredProgress(store.taskState("TEST")).loadOwed(new TableName("public", "keyed"));
    }
    replication.target().run("DELETE FROM keyed");
    replication.source().run("ALTER TABLE keyed RENAME TO renamed");
    replication.start();
    replication.catchUp();
    replication.assertEqual("renamed", "bag");
    replication.stop();
    try (EmbeddedStore store = EmbeddedStore.open(state, EmbeddedStore.Access.OWNER)) {
      assertThat(new StoredProgress(store.taskState("TEST")).loadsOwed()).isEmpty();
    }
  }

  private long loads() {
    return replication.pipeline().statistics().capturedTotal().loads();
  }
}
