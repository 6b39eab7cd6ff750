package io.dynapipe.source.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.RowChange;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.EventHandler;
import io.dynapipe.source.postgres.Capture;
import io.dynapipe.source.postgres.Recorder;
import io.dynapipe.source.postgres.SlotState;
import io.dynapipe.source.postgres.SourceDatabase;
import io.dynapipe.source.postgres.StreamRun;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is confirmed is not sent again, what is not confirmed is. */
final class StreamRestartIT {

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
  void goesOnWhereItWasConfirmed() throws Exception {
    StreamConfig config = Capture.prepare(source);
    Recorder first = new Recorder();
    try (StreamRun run = StreamRun.start(source, config, first)) {
      source.run("INSERT INTO foo VALUES (1)");
      run.catchUp(first).finish();
    }
    source.run("INSERT INTO foo VALUES (2)");
    Recorder second = new Recorder();
    try (StreamRun run = StreamRun.start(source, config, second)) {
      run.catchUp(second).finish();
    }
    assertThat(ids(first)).containsExactly("1");
    assertThat(ids(second)).containsExactly("2");
  }

  @Test
  void sendsAgainWhatWasNeverDurable() throws Exception {
    StreamConfig config = Capture.prepare(source);
    Recorder first = new Recorder();
    try (StreamRun run = StreamRun.start(source, config, first, () -> Lsn.NONE)) {
      source.run("INSERT INTO foo VALUES (1)");
      run.catchUp(first).finish();
    }
    Recorder second = new Recorder();
    try (StreamRun run = StreamRun.start(source, config, second)) {
      run.catchUp(second).finish();
    }
    assertThat(ids(second)).containsExactly("1");
  }

  @Test
  void positionMovesThoughNothingIsCaptured() throws Exception {
    source.run("CREATE UNLOGGED TABLE other (id int)");
    StreamConfig config = Capture.prepare(source);
    source.run("CREATE TABLE later (id int PRIMARY KEY)");
    Recorder recorder = new Recorder();
    Lsn before = state().confirmedFlush();
    try (StreamRun run = StreamRun.start(source, config, recorder)) {
      source.run("INSERT INTO later SELECT generate_series(1, 1000)");
      run.catchUp(recorder);
      run.await("the slot to move", () -> state().confirmedFlush().compareTo(before) > 0);
    }
    assertThat(recorder.events()).isEmpty();
  }

  @Test
  void connectsAgainAfterTheServerEndedTheConnection() throws Exception {
    StreamConfig config = Capture.prepare(source);
    Recorder recorder = new Recorder();
    try (StreamRun run = StreamRun.start(source, config, recorder)) {
      source.run("INSERT INTO foo VALUES (1)");
      run.catchUp(recorder);
      source.run("SELECT pg_terminate_backend(" + state().activePid() + ")");
      source.run("INSERT INTO foo VALUES (2)");
      run.catchUp(recorder).finish();
    }
    assertThat(ids(recorder)).containsExactly("1", "2");
  }

  @Test
  void slowHandlerKeepsTheConnection() throws Exception {
    StreamConfig config = Capture.prepare(source);
    Recorder recorder = new Recorder();
    CountDownLatch release = new CountDownLatch(1);
    EventHandler slow =
        new EventHandler() {
          @Override
          public void onEvent(ChangeEvent event, TableSchema schema) throws InterruptedException {
            recorder.onEvent(event, schema);
            release.await();
          }

          @Override
          public void onPosition(Lsn position) {
            recorder.onPosition(position);
          }

          @Override
          public void onIdle() {}
        };
    try (StreamRun run = StreamRun.start(source, config, slow, recorder::position)) {
      source.run("INSERT INTO foo SELECT generate_series(1, 5)");
      run.await("the first event", () -> !recorder.events().isEmpty());
      Integer pid = state().activePid();
      long start = System.nanoTime();
      // Twice the server's wal_sender_timeout.
      run.await("six seconds", () -> System.nanoTime() - start > 6_000_000_000L);
      assertThat(state().activePid()).isEqualTo(pid);
      release.countDown();
      run.catchUp(recorder).finish();
    }
    assertThat(ids(recorder)).containsExactly("1", "2", "3", "4", "5");
  }

  /**
   * A server that shuts down waits for the confirmation of the last thing that it sent, and says
   * nothing more: what becomes durable late is confirmed only by a stream that goes on asking.
   */
  @Test
  void goesOnSayingThatNothingComes() throws Exception {
    StreamConfig config = Capture.prepare(source);
    Recorder recorder = new Recorder();
    AtomicInteger idle = new AtomicInteger();
    EventHandler handler =
        new EventHandler() {
          @Override
          public void onEvent(ChangeEvent event, TableSchema schema) {
            recorder.onEvent(event, schema);
            idle.set(0);
          }

          @Override
          public void onPosition(Lsn position) {
            recorder.onPosition(position);
            idle.set(0);
          }

          @Override
          public void onIdle() {
            idle.incrementAndGet();
          }
        };
    try (StreamRun run = StreamRun.start(source, config, handler, recorder::position)) {
      source.run("INSERT INTO foo VALUES (1)");
      run.catchUp(recorder);
      run.await("idle rounds without a word of the server", () -> idle.get() > 3);
      run.finish();
    }
  }

  @Test
  void handlersFailureEndsTheStream() throws Exception {
    StreamConfig config = Capture.prepare(source);
    PipelineException failure = PipelineException.retryable("the stream is full", null);
    EventHandler failing =
        new EventHandler() {
          @Override
          public void onEvent(ChangeEvent event, TableSchema schema) {
            throw failure;
          }

          @Override
          public void onPosition(Lsn position) {}

          @Override
          public void onIdle() {}
        };
    try (StreamRun run = StreamRun.start(source, config, failing, () -> Lsn.NONE)) {
      source.run("INSERT INTO foo VALUES (1)");
      assertThat(run.failure()).isSameAs(failure);
    }
  }

  @Test
  void refusesToGoOnWhereSomebodyElseConfirmedMore() throws Exception {
    StreamConfig config = Capture.prepare(source);
    Lsn start = state().confirmedFlush();
    source.run("INSERT INTO foo VALUES (1)");
    source.run("SELECT pg_replication_slot_advance('" + config.slot() + "', pg_current_wal_lsn())");
    try (StreamRun run = StreamRun.start(source, config.from(start), new Recorder())) {
      assertThat(run.failure())
          .hasMessageContaining("what lies between is lost")
          .satisfies(e -> assertThat(((PipelineException) e).cure()).contains("reload-target"));
    }
  }

  private SlotState state() {
    return source.server().slots().state(source.name());
  }

  private static List<String> ids(Recorder recorder) {
    return recorder.rows().stream().map(RowChange::row).map(row -> row.text("id")).toList();
  }
}
