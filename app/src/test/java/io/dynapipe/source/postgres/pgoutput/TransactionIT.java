package io.dynapipe.source.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.RowChange;
import io.dynapipe.source.postgres.Capture;
import io.dynapipe.source.postgres.SourceDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions come whole, in commit order, or not at all. */
final class TransactionIT {

  private SourceDatabase source;

  @BeforeEach
  void createDatabase() throws Exception {
    source = SourceDatabase.create();
    source.run("CREATE TABLE foo (id int PRIMARY KEY)");
  }

  @AfterEach
  void dropDatabase() throws Exception {
    source.close();
  }

  @Test
  void rolledBackWorkLeavesNoTrace() throws Exception {
    try (Capture capture = Capture.changes(source)) {
      source.run("BEGIN; INSERT INTO foo VALUES (1); ROLLBACK");
      source.run(
          "BEGIN; INSERT INTO foo VALUES (2); SAVEPOINT s; INSERT INTO foo VALUES (3);"
              + " ROLLBACK TO s; INSERT INTO foo VALUES (4); COMMIT");
      assertThat(ids(capture.rows())).containsExactly("2", "4");
    }
  }

  @Test
  void transactionsComeInCommitOrder() throws Exception {
    try (Capture capture = Capture.changes(source);
        Connection slow = source.connect();
        Statement statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      statement.execute("INSERT INTO foo VALUES (1)");
      source.run("INSERT INTO foo VALUES (2)");
      assertThat(ids(capture.rows())).containsExactly("2");
      statement.execute("INSERT INTO foo VALUES (3)");
      slow.commit();
      assertThat(ids(capture.rows())).containsExactly("1", "3");
    }
  }

  @Test
  void preparedTransactionComesWhenItCommits() throws Exception {
    String name = "'" + source.name() + "'";
    try (Capture capture = Capture.changes(source)) {
      source.run("BEGIN; INSERT INTO foo VALUES (1); PREPARE TRANSACTION " + name);
      assertThat(capture.rows()).isEmpty();
      source.run("COMMIT PREPARED " + name);
      assertThat(ids(capture.rows())).containsExactly("1");
    }
  }

  @Test
  void largeTransactionIsNumberedThroughout() throws Exception {
    try (Capture capture = Capture.changes(source)) {
      source.run("INSERT INTO foo SELECT generate_series(1, 100000)");
      List<RowChange> rows = capture.rows();
      assertThat(rows).hasSize(100_000);
      assertThat(rows.get(99_999).origin().recordInTransaction()).isEqualTo(100_000);
      assertThat(rows.get(99_999).origin().transaction())
          .isSameAs(rows.get(0).origin().transaction());
    }
  }

  private static List<String> ids(List<RowChange> rows) {
    return rows.stream().map(row -> row.row().text("id")).toList();
  }
}
