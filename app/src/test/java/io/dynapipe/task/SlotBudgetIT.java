package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.source.postgres.PostgresSettings;
import io.dynapipe.source.postgres.Recorder;
import io.dynapipe.source.postgres.SlotState;
import io.dynapipe.source.postgres.SlotWatch;
import io.dynapipe.source.postgres.SourceDatabase;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.fullload.FullLoad;
import io.dynapipe.source.postgres.fullload.LoadOptions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a slot costs the source is seen, bounded when that is wanted, and kept low when idle. */
class SlotBudgetIT {

  private static final Duration OFTEN = Duration.ofMillis(50);
  private final AtomicReference<SlotState> seen = new AtomicReference<>();
  private SourceDatabase source;

  @BeforeEach
  void create() throws Exception {
    source = SourceDatabase.create();
    source.run("CREATE TABLE foo (id int PRIMARY KEY, v text)");
    source.server().slots().create(source.name()).close();
  }

  @AfterEach
  void close() throws Exception {
    source.close();
  }

  private SlotWatch watch(PostgresSettings settings) {
    return new SlotWatch(source.server(), source.name(), settings, OFTEN, seen::set);
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait for " + what).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private void writeMegabytes(int count) throws Exception {
    source.run(
        "SELECT pg_logical_emit_message(false, 'test', repeat('x', 1000000))"
            + " FROM generate_series(1, "
            + count
            + ")");
  }

  @Test
  void slotBeyondItsBudgetIsNamedWithCauseAndCure() throws Exception {
    PostgresSettings settings = PostgresSettings.DEFAULTS.withWalBudget(1 << 20, true);
    try (SlotWatch watch = watch(settings).start()) {
      await("the first look", () -> seen.get() != null);
      assertThat(watch.mustDrop()).isFalse();
      writeMegabytes(3);
      await("the budget to be exceeded", watch::mustDrop);
      assertThat(seen.get().retainedBytes()).isGreaterThan(1 << 20);
      assertThat(watch.exceeded()).hasMessageContaining(source.name(), "1MiB", "is dropped");
      assertThat(watch.exceeded().cure()).contains("reload-target");
    }
  }

  @Test
  void slotIsNotDroppedUnlessThatIsWanted() throws Exception {
    PostgresSettings settings = PostgresSettings.DEFAULTS.withWalBudget(1 << 20, false);
    try (SlotWatch watch = watch(settings).start()) {
      writeMegabytes(3);
      await("it to be seen", () -> seen.get() != null && seen.get().retainedBytes() > 1 << 20);
      assertThat(watch.mustDrop()).isFalse();
    }
  }

  @Test
  void heartbeatWritesToTheLog() throws Exception {
    String before = source.query("SELECT pg_current_wal_insert_lsn()").get(0);
    PostgresSettings settings = PostgresSettings.DEFAULTS.withHeartbeat(Duration.ofMillis(100));
    try (SlotWatch watch = watch(settings).start()) {
      assertThat(watch.mustDrop()).isFalse();
      await("the heartbeat", () -> beats(before) > 0);
    }
  }

  private long beats(String before) {
    try {
      return Long.parseLong(
          source.query("SELECT (pg_current_wal_insert_lsn() - '" + before + "')::bigint").get(0));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void slotsAreFailoverSlotsWhereTheServerHasThem() throws Exception {
    source.assumeMajor(17);
    assertThat(
            source.query(
                "SELECT failover FROM pg_replication_slots WHERE slot_name = '"
                    + source.name()
                    + "'"))
        .containsExactly("t");
  }

  @Test
  void lockedTableHasACureThatNamesTheTimeout() throws Exception {
    String role = "hasty_" + source.name();
    source.run(
        "CREATE ROLE " + role + " LOGIN",
        "ALTER ROLE " + role + " SET lock_timeout = '100ms'",
        "GRANT SELECT ON foo TO " + role);
    var url = source.url();
    var hasty =
        new PostgresServer(
            new PostgresUrl(url.hosts(), url.database(), role, null, url.properties()));
    // Asking for a table's size waits for its lock, too.
    List<SourceTable> tables = source.tables();
    try (var connection = source.connect();
        var statement = connection.createStatement();
        var snapshot = hasty.exportSnapshot()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE foo IN ACCESS EXCLUSIVE MODE");
      var load = new FullLoad(hasty.connections(), tables, LoadOptions.defaults());
      Recorder loaded = new Recorder();
      load.run(snapshot, loaded, () -> false);
      assertThat(loaded.failures().values())
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessageContaining("lock timeout"))
          .satisfies(e -> assertThat(e.cure()).contains("lock_timeout"));
    } finally {
      source.run("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }
}
