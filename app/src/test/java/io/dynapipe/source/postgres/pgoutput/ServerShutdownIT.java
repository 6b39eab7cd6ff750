package io.dynapipe.source.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.event.ChangeEvent;
import io.dynapipe.event.Lsn;
import io.dynapipe.event.TableSchema;
import io.dynapipe.source.EventHandler;
import io.dynapipe.source.postgres.Capture;
import io.dynapipe.source.postgres.Recorder;
import io.dynapipe.source.postgres.SourceDatabase;
import io.dynapipe.source.postgres.StreamRun;
import io.dynapipe.task.RestartableServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A PostgreSQL server that is to end waits, without a limit, until its streams have confirmed
 * everything: a target that is away must not be the reason that it cannot be restarted.
 */
final class ServerShutdownIT {

  @TempDir private Path folder;

  /** Takes nothing more from the second row on, until it is released. */
  private static final class Stuck implements EventHandler {
    private final Recorder recorder = new Recorder();
    private final CountDownLatch release = new CountDownLatch(1);

    @Override
    public void onEvent(ChangeEvent event, TableSchema schema) throws InterruptedException {
      recorder.onEvent(event, schema);
      if (recorder.events().size() > 1) {
        release.await();
      }
    }

    @Override
    public void onPosition(Lsn position) {
      recorder.onPosition(position);
    }

    @Override
    public void onIdle() {}
  }

  @Test
  void doesNotWaitForATargetThatIsAway() throws Exception {
    try (RestartableServer server = new RestartableServer(folder.resolve("data"), Map.of());
        SourceDatabase source = SourceDatabase.of(server.url())) {
      source.run("CREATE TABLE foo (id int PRIMARY KEY)");
      StreamConfig config = Capture.prepare(source);
      StreamConfig watching =
          config.withTiming(config.timing().withCatalogInterval(Duration.ofMillis(500)));
      Stuck handler = new Stuck();
      try (StreamRun run = StreamRun.start(source, watching, handler, handler.recorder::position)) {
        source.run("INSERT INTO foo SELECT generate_series(1, 100)");
        run.await("the second row", () -> handler.recorder.events().size() == 2);
        server.stop();
        server.start();
        handler.release.countDown();
        Lsn now = now(server);
        run.await("the rest", () -> handler.recorder.position().compareTo(now) >= 0);
        run.finish();
      }
      assertThat(handler.recorder.rows().stream().map(row -> row.row().text("id")))
          .contains("1", "100");
    }
  }

  /** The server has ended the connections that were there before. */
  private static Lsn now(RestartableServer server) throws Exception {
    try (SourceDatabase source = SourceDatabase.of(server.url())) {
      return Lsn.parse(source.query("SELECT pg_logical_emit_message(true, 'test', '')").get(0));
    }
  }
}
