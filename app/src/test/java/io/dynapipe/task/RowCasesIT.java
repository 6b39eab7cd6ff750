package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and changes of every kind, from the source to the target. */
class RowCasesIT {

  @TempDir private Path state;
  private Replication replication;

  @BeforeEach
  void create() throws Exception {
    replication = new Replication(state);
  }

  @AfterEach
  void close() throws Exception {
    replication.close();
  }

  private void source(String... statements) throws Exception {
    replication.source().run(statements);
  }

  private void assertSame(String sourceTable, String targetTable) throws Exception {
    assertSame(sourceTable, "to_jsonb(t)", targetTable);
  }

  private void assertSame(String sourceTable, String row, String targetTable) throws Exception {
    List<String> wanted =
        replication
            .source()
            .query("SELECT (" + row + ")::text FROM " + sourceTable + " t ORDER BY 1");
    assertThat(replication.targetRows(targetTable)).as(sourceTable).isEqualTo(wanted);
  }

  @Test
  void defaultReplicaIdentity() throws Exception {
    source(
        "CREATE TABLE t (a int, b text, c int, PRIMARY KEY (a, b))",
        "INSERT INTO t SELECT i, 'k' || i, i FROM generate_series(1, 5) i");
    replication.start();
    replication.catchUp();
    source(
        "UPDATE t SET c = 0 WHERE a = 1",
        "UPDATE t SET a = 20 WHERE a = 2",
        "DELETE FROM t WHERE a = 3");
    replication.catchUp();
    assertSame("t", "t");
  }

  @Test
  void fullReplicaIdentity() throws Exception {
    source(
        "CREATE TABLE t (id int PRIMARY KEY, v text, large text)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "ALTER TABLE t ALTER large SET STORAGE EXTERNAL",
        "INSERT INTO t SELECT i, 'v', repeat('x', 5000) FROM generate_series(1, 5) i");
    replication.start();
    replication.catchUp();
    source(
        "UPDATE t SET v = 'w' WHERE id = 1",
        "UPDATE t SET id = 20 WHERE id = 2",
        "DELETE FROM t WHERE id = 3");
    replication.catchUp();
    assertSame("t", "t");
  }

  @Test
  void replicaIdentityByIndex() throws Exception {
    source(
        "CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL, v int)",
        "CREATE UNIQUE INDEX t_code ON t (code)",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX t_code",
        "INSERT INTO t SELECT i, 'c' || i, i FROM generate_series(1, 5) i");
    replication.start();
    replication.catchUp();
    source(
        "UPDATE t SET v = 0 WHERE id = 1",
        "UPDATE t SET code = 'z' WHERE id = 2",
        "DELETE FROM t WHERE id = 3");
    replication.catchUp();
    assertSame("t", "t");
  }

  @Test
  void withoutIdentityOnlyInsertsComeAndTheSourceStaysWritable() throws Exception {
    source(
        "CREATE TABLE t (id int PRIMARY KEY, v int)",
        "ALTER TABLE t REPLICA IDENTITY NOTHING",
        "INSERT INTO t VALUES (1, 1)");
    replication.start();
    replication.catchUp();
    source("INSERT INTO t VALUES (2, 2)", "UPDATE t SET v = 0", "DELETE FROM t WHERE id = 1");
    replication.catchUp();
    assertThat(replication.targetRows("t")).hasSize(2);
  }

  @Test
  void tableWithoutKeyKeepsEqualRowsApart() throws Exception {
    source("CREATE TABLE t (a int, v text)", "INSERT INTO t VALUES (1, 'x'), (1, 'x'), (2, NULL)");
    replication.start();
    replication.catchUp();
    source("INSERT INTO t VALUES (1, 'x')", "INSERT INTO t VALUES (3, 'y')");
    replication.catchUp();
    assertSame("t", "t");
    source("TRUNCATE t", "INSERT INTO t VALUES (9, 'z')");
    replication.catchUp();
    assertSame("t", "t");
  }

  @Test
  void tableWithoutKeyButFullIdentityIsChanged() throws Exception {
    source(
        "CREATE TABLE t (a int, v text)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, NULL)");
    replication.start();
    replication.catchUp();
    source("UPDATE t SET v = 'changed' WHERE a = 1", "DELETE FROM t WHERE a = 3");
    replication.catchUp();
    assertSame("t", "t");
  }

  @Test
  void generatedColumnsAreLeftOutOnBothWays() throws Exception {
    source(
        "CREATE TABLE t (id int PRIMARY KEY, n int, g int GENERATED ALWAYS AS (n * 2) STORED)",
        "INSERT INTO t (id, n) VALUES (1, 1)");
    replication.start();
    source("INSERT INTO t (id, n) VALUES (2, 2)", "UPDATE t SET n = 5 WHERE id = 1");
    replication.catchUp();
    assertSame("t", "to_jsonb(t) - 'g'", "t");
  }

  @Test
  void droppedColumnsLeaveTheOthersInPlace() throws Exception {
    source(
        "CREATE TABLE t (gone int, id int PRIMARY KEY, alsogone text, v text)",
        "INSERT INTO t VALUES (0, 1, 'a', 'v')",
        "ALTER TABLE t DROP gone",
        "ALTER TABLE t DROP alsogone");
    replication.start();
    source("INSERT INTO t VALUES (2, 'w')", "UPDATE t SET v = 'x' WHERE id = 1");
    replication.catchUp();
    assertSame("t", "t");
  }

  @Test
  void partitionsAreRowsOfTheirRoot() throws Exception {
    source(
        "CREATE TABLE t (id int, region text, v int, PRIMARY KEY (id, region))"
            + " PARTITION BY LIST (region)",
        "CREATE TABLE t_eu PARTITION OF t FOR VALUES IN ('eu')",
        "CREATE TABLE t_us PARTITION OF t FOR VALUES IN ('us')",
        "INSERT INTO t VALUES (1, 'eu', 1), (2, 'us', 2)");
    replication.start();
    source(
        "INSERT INTO t VALUES (3, 'us', 3)",
        "UPDATE t SET region = 'us' WHERE id = 1",
        "UPDATE t_us SET v = 7 WHERE id = 2",
        "DELETE FROM t WHERE id = 3");
    replication.catchUp();
    assertSame("t", "t");
    assertThat(replication.target().query("SELECT to_regclass('t_eu')")).containsExactly("null");
  }

  @Test
  void aLeafAloneIsATableOfItsOwn() throws Exception {
    source(
        "CREATE TABLE t (id int PRIMARY KEY, v int) PARTITION BY RANGE (id)",
        "CREATE TABLE low PARTITION OF t FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE high PARTITION OF t FOR VALUES FROM (10) TO (20)",
        "INSERT INTO t VALUES (1, 1), (11, 1)");
    replication.withMappings(
        "{\"rules\": [{\"rule-type\": \"selection\", \"rule-id\": \"1\", \"rule-name\": \"1\","
            + " \"rule-action\": \"include\", \"object-locator\": {\"schema-name\": \"public\","
            + " \"table-name\": \"low\"}}]}");
    replication.start();
    source("INSERT INTO t VALUES (2, 2), (12, 2)", "UPDATE t SET v = 5");
    replication.catchUp();
    assertSame("low", "low");
    assertThat(replication.target().query("SELECT to_regclass('t'), to_regclass('high')"))
        .containsExactly("null|null");
  }

  @Test
  void inheritedTablesAreTablesOfTheirOwn() throws Exception {
    source(
        "CREATE TABLE parent (id int PRIMARY KEY, v text)",
        "CREATE TABLE child (extra int, PRIMARY KEY (id)) INHERITS (parent)",
        "INSERT INTO parent VALUES (1, 'p')",
        "INSERT INTO child VALUES (2, 'c', 2)");
    replication.start();
    source("UPDATE parent SET v = 'both'", "INSERT INTO child VALUES (3, 'd', 3)");
    replication.catchUp();
    assertSame("ONLY parent", "parent");
    assertSame("child", "child");
  }

  @Test
  void truncateReachesAllTablesOfACascade() throws Exception {
    source(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a)",
        "INSERT INTO a VALUES (1)",
        "INSERT INTO b VALUES (1, 1)");
    replication.start();
    replication.catchUp();
    source("TRUNCATE a CASCADE", "INSERT INTO a VALUES (2)");
    replication.catchUp();
    assertSame("a", "a");
    assertThat(replication.targetRows("b")).isEmpty();
  }

  @Test
  void subtransactionsThatRolledBackLeaveNoTrace() throws Exception {
    source("CREATE TABLE t (id int PRIMARY KEY)");
    replication.start();
    source(
        "BEGIN; INSERT INTO t VALUES (1); SAVEPOINT s; INSERT INTO t VALUES (2);"
            + " ROLLBACK TO s; INSERT INTO t VALUES (3); COMMIT",
        "BEGIN; INSERT INTO t VALUES (4); ROLLBACK");
    replication.catchUp();
    assertSame("t", "t");
    assertThat(replication.targetRows("t")).hasSize(2);
  }

  @Test
  void preparedTransactionsCountWhenTheyCommit() throws Exception {
    source("CREATE TABLE t (id int PRIMARY KEY)");
    replication.start();
    // A slot is made only when no transaction is open.
    replication.catchUp();
    String name = replication.source().name();
    source("BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION '" + name + "a'");
    source("BEGIN; INSERT INTO t VALUES (2); PREPARE TRANSACTION '" + name + "b'");
    replication.catchUp();
    assertThat(replication.targetRows("t")).isEmpty();
    source("COMMIT PREPARED '" + name + "a'", "ROLLBACK PREPARED '" + name + "b'");
    replication.catchUp();
    assertSame("t", "t");
  }

  @Test
  void oddNamesComeAsTheyAre() throws Exception {
    String schema = "\"Ödd \"\"schema\"\".x\"";
    String table = schema + ".\"Tab le.with 'quotes' \"\"and\"\" %\"";
    source(
        "CREATE SCHEMA " + schema,
        "CREATE TABLE " + table + " (\"I d\" int PRIMARY KEY, \"a.b\" text, \"ñ\"\"\\\" int)",
        "INSERT INTO " + table + " VALUES (1, 'x', 1)");
    replication.start();
    source(
        "INSERT INTO " + table + " VALUES (2, 'y', 2)", "UPDATE " + table + " SET \"a.b\" = 'z'");
    replication.catchUp();
    assertSame(table, table);
  }

  @Test
  void valueOfFiftyMegabytesComesByLoadAndByChange() throws Exception {
    source(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "ALTER TABLE t ALTER v SET STORAGE EXTERNAL",
        "INSERT INTO t VALUES (1, repeat('abcde', 10000000))");
    replication.start();
    replication.catchUp();
    source("INSERT INTO t VALUES (2, repeat('vwxyz', 10000000))");
    replication.catchUp();
    String md5 = "SELECT md5(%s), length(%s) FROM t ORDER BY 1";
    assertThat(replication.target().query(md5.formatted("data->>'v'", "data->>'v'")))
        .isEqualTo(replication.source().query(md5.formatted("v", "v")));
  }
}
