package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.sink.QuarantineEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same tables and changes, to a real CrateDB. */
class RowCasesInCrateIT extends RowCasesIT {

  private CrateTarget crate;

  @BeforeEach
  @Override
  void create() throws Exception {
    crate = CrateTarget.open();
    replication = new Replication(state).to(crate);
  }

  @AfterEach
  @Override
  void close() throws Exception {
    if (replication != null) {
      replication.close();
      crate.clear();
    }
  }

  /** CrateDB reads no longer texts than 20 MB. */
  @Test
  @Override
  void valueOfFiftyMegabytesComesByLoadAndByChange() throws Exception {
    source(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "ALTER TABLE t ALTER v SET STORAGE EXTERNAL",
        "INSERT INTO t VALUES (1, repeat('abcde', 10000000)), (2, 'small')");
    replication.start();
    replication.catchUp();
    assertThat(replication.targetRows("t")).hasSize(1);
    assertThat(replication.quarantineReasons()).hasSize(1);
    assertThat(crate.quarantined().stream().map(QuarantineEntry::event))
        .singleElement()
        .satisfies(event -> assertThat(event.length()).isGreaterThan(50_000_000));
  }
}
