package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and changes of every kind, from the source to the target. */
class RowCasesIT {

  @TempDir Path state;
  Replication replication;

  @BeforeEach
  void create() throws Exception {
    replication = new Replication(state);
  }

  @AfterEach
  void close() throws Exception {
    replication.close();
  }

  void source(String... statements) throws Exception {
    replication.source().run(statements);
  }

  void assertSame(String sourceTable, String targetTable) throws Exception {
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
    assertThat(replication.targetHas("t_eu")).isFalse();
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
    assertThat(replication.targetHas("t")).isFalse();
    assertThat(replication.targetHas("high")).isFalse();
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
  void largeValuesThatAnUpdateDoesNotTouchStay() throws Exception {
    source(
        "CREATE TABLE t (id int PRIMARY KEY, v text, large text)",
        "ALTER TABLE t ALTER large SET STORAGE EXTERNAL",
        "INSERT INTO t SELECT i, 'v', repeat('x', 5000) FROM generate_series(1, 5) i");
    replication.start();
    replication.catchUp();
    source(
        "INSERT INTO t VALUES (6, 'v', repeat('y', 5000))",
        "UPDATE t SET v = 'w' WHERE id IN (1, 6)",
        "BEGIN; UPDATE t SET v = 'x' WHERE id = 1; UPDATE t SET large = repeat('z', 6000) WHERE id"
            + " = 1; UPDATE t SET v = 'y' WHERE id = 1; COMMIT",
        "UPDATE t SET large = NULL WHERE id = 2");
    replication.catchUp();
    assertSame("t", "t");
  }

  @Test
  void aChangedKeyTakesItsUntouchedLargeValueAlong() throws Exception {
    source(
        "CREATE TABLE t (id int PRIMARY KEY, v text, large text)",
        "ALTER TABLE t ALTER large SET STORAGE EXTERNAL",
        "INSERT INTO t SELECT i, 'v', repeat('x', 5000 + i) FROM generate_series(1, 5) i");
    replication.start();
    replication.catchUp();
    source(
        "UPDATE t SET id = 20 WHERE id = 2",
        "BEGIN; UPDATE t SET id = 0 WHERE id = 3; UPDATE t SET id = 3 WHERE id = 4; UPDATE t SET"
            + " id = 4 WHERE id = 0; COMMIT");
    replication.catchUp();
    assertSame("t", "t");
  }

  @Test
  void truncateIsInPlaceBetweenRows() throws Exception {
    source("CREATE TABLE t (id serial PRIMARY KEY, v int)", "INSERT INTO t (v) VALUES (1), (2)");
    replication.start();
    replication.catchUp();
    source(
        "BEGIN; INSERT INTO t (v) VALUES (3); TRUNCATE t RESTART IDENTITY; INSERT INTO t (v) VALUES"
            + " (4); COMMIT",
        "BEGIN; TRUNCATE t; ROLLBACK");
    replication.catchUp();
    assertSame("t", "t");
    assertThat(replication.targetRows("t")).hasSize(1);
  }

  @Test
  void tablesOfOneNameInSeveralSchemasStayApart() throws Exception {
    source(
        "CREATE SCHEMA side",
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "CREATE TABLE side.t (id int PRIMARY KEY, n int)",
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO side.t VALUES (1, 1)");
    replication.start();
    source(
        "INSERT INTO t VALUES (2, 'b')", "UPDATE side.t SET n = 2", "DELETE FROM t WHERE id = 1");
    replication.catchUp();
    assertSame("t", "t");
    assertSame("side.t", "side.t");
  }

  @Test
  void databasesOfOneServerStreamSideBySide(@TempDir Path otherState) throws Exception {
    source("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')");
    replication.start();
    try (Replication other = new Replication(otherState)) {
      other
          .source()
          .run("CREATE TABLE t (id int PRIMARY KEY, n int)", "INSERT INTO t VALUES (1, 1)");
      other.start();
      source("INSERT INTO t VALUES (2, 'b')");
      other.source().run("INSERT INTO t VALUES (3, 3)");
      replication.catchUp();
      other.catchUp();
      other.assertEqual("t");
    }
    assertSame("t", "t");
  }

  @Test
  void aRowOfSixteenHundredColumnsComesWhole() throws Exception {
    String columns =
        IntStream.range(1, 1600).mapToObj(i -> "c" + i + " int").collect(Collectors.joining(", "));
    source(
        "CREATE TABLE t (id int PRIMARY KEY, " + columns + ")",
        "INSERT INTO t (id, c1, c1599) VALUES (1, 1, 1599)");
    replication.start();
    source("INSERT INTO t (id, c2, c1598) VALUES (2, 2, 1598)", "UPDATE t SET c800 = 8");
    replication.catchUp();
    assertSame("t", "t");
  }

  @Test
  void aRowOverTheLimitGoesToTheQuarantineAndTheOthersGoOn() throws Exception {
    source(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t VALUES (1, 'small'), (2, repeat('x', 200000))");
    replication.withStream("embedded:?max_record_bytes=100KiB").start();
    source("INSERT INTO t VALUES (3, repeat('y', 200000)), (4, 'small')");
    replication.catchUp();
    assertThat(replication.targetRows("t"))
        .containsExactly("{\"v\": \"small\", \"id\": 1}", "{\"v\": \"small\", \"id\": 4}");
    assertThat(replication.quarantineReasons())
        .hasSize(2)
        .allMatch(reason -> reason.matches("the record has 20\\d{4} bytes, .*max_record_bytes.*"));
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
