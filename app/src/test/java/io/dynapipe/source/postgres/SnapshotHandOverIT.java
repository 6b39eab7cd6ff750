package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.RowKey;
import io.dynapipe.event.RowOperation;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.fullload.FullLoad;
import io.dynapipe.source.postgres.fullload.LoadOptions;
import io.dynapipe.source.postgres.pgoutput.StreamConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Load and stream meet without a gap and without an overlap, while the source is written to. */
final class SnapshotHandOverIT {

  private static final String ROWS = "SELECT id, n, v FROM foo";

  @Test
  void loadAndStreamTogetherAreTheSource() throws Exception {
    try (SourceDatabase source = SourceDatabase.create()) {
      source.run(
          "CREATE TABLE foo (id int PRIMARY KEY, n int, v text)",
          "INSERT INTO foo SELECT i, 0, repeat('x', i) FROM generate_series(0, 299, 2) i");
      Recorder loaded = new Recorder();
      Recorder streamed = new Recorder();
      try (Workload workload = new Workload(source, 1)) {
        awaitTransactions(workload, 100);
        StreamConfig config = load(source, loaded, workload);
        try (StreamRun run = StreamRun.start(source, config, streamed)) {
          awaitTransactions(workload, workload.transactions() + 300);
          workload.finish();
          run.catchUp(streamed).finish();
        }
      }
      assertThat(loaded.rows()).isNotEmpty();
      assertNoOverlap(loaded.rows(), streamed.events());
      Replica replica = new Replica();
      replica.apply(loaded.events());
      replica.apply(streamed.events());
      assertThat(replica.rows("foo")).isEqualTo(sorted(source.query(ROWS)));
    }
  }

  private static StreamConfig load(SourceDatabase source, Recorder loaded, Workload workload)
      throws Exception {
    PostgresServer server = source.server();
    List<SourceTable> tables = server.tables(TableSelection.ALL_TABLES);
    List<String> publications = server.publications().ensure(source.name(), tables);
    try (ExportedSnapshot snapshot = server.slots().create(source.name())) {
      awaitTransactions(workload, workload.transactions() + 100);
      new FullLoad(server.connections(), tables, LoadOptions.defaults().withRangeBytes(32_768))
          .run(snapshot, loaded, () -> false);
    }
    return StreamConfig.of(source.name(), publications, TableSelection.ALL_TABLES, tables);
  }

  /** Without a gap, nothing that was loaded is inserted again before it was deleted or moved. */
  private static void assertNoOverlap(List<RowChange> loaded, List<ChangeEvent> streamed) {
    Set<String> present = new HashSet<>();
    loaded.forEach(row -> assertThat(present.add(key(row))).isTrue());
    for (ChangeEvent event : streamed) {
      RowChange change = (RowChange) event;
      if (change.operation() == RowOperation.INSERT) {
        assertThat(present.add(key(change))).as("new key of %s", change).isTrue();
      } else {
        String old =
            change.before() == null
                ? key(change)
                : String.valueOf(RowKey.of(change.before(), change.before().columns()));
        assertThat(present.remove(old)).as("known key of %s", change).isTrue();
        if (change.operation() == RowOperation.UPDATE) {
          present.add(key(change));
        }
      }
    }
  }

  private static String key(RowChange change) {
    return "id=" + change.row().text("id");
  }

  private static void awaitTransactions(Workload workload, long count) {
    while (workload.transactions() < count) {
      Thread.onSpinWait();
    }
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }
}
