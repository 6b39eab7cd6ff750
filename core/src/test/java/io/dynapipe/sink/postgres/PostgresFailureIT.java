package io.dynapipe.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.error.PipelineException.Kind;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.Sink;
import io.dynapipe.sink.TestTable;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the sink does when the server is not there, or says no. */
final class PostgresFailureIT {

  private static final TestTable PEOPLE = TestTable.people();

  private static Sink sink(PostgresUrl url, Duration limit) {
    return new PostgresSink(PostgresSinkSettings.of(url).withRetryLimit(limit));
  }

  private static PostgresUrl url(String user, int port, String database) {
    return (PostgresUrl)
        SinkUrl.parse(
            "postgresql://" + user + ":secret@localhost:" + port + "/" + database, Map.of());
  }

  private static int serverPort() {
    return PostgresServer.url().hosts().get(0).port();
  }

  @Test
  void tellsThatNothingListens() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (Sink sink = sink(url("postgres", port, "postgres"), Duration.ofMillis(300))) {
      assertFails(() -> sink.schema(PEOPLE.name()), Kind.RETRYABLE, "refused");
    }
  }

  @Test
  void tellsAnUnknownUserAndDatabaseAtOnceAndNoPassword() {
    try (Sink sink = sink(url("nobody", serverPort(), "postgres"), Duration.ofMinutes(5))) {
      assertFails(() -> sink.schema(PEOPLE.name()), Kind.ENVIRONMENT, "nobody");
    }
    try (Sink sink = sink(url("postgres", serverPort(), "nowhere"), Duration.ofMinutes(5))) {
      assertFails(() -> sink.schema(PEOPLE.name()), Kind.ENVIRONMENT, "nowhere");
    }
  }

  @Test
  void tellsWhichPrivilegeIsMissing() {
    try (PostgresProbe probe = new PostgresProbe(PostgresServer.url())) {
      probe.reset();
      probe.execute("DROP ROLE IF EXISTS guest");
      probe.execute("CREATE ROLE guest LOGIN");
      try (Sink sink = sink(url("guest", serverPort(), "postgres"), Duration.ofMinutes(5))) {
        assertFails(() -> sink.apply(PEOPLE.create()), Kind.ENVIRONMENT, "permission denied");
      } finally {
        probe.execute("DROP ROLE guest");
      }
    }
  }

  private static void assertFails(Runnable call, Kind kind, String words) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            PipelineException.class,
            failure -> {
              assertThat(failure.kind()).isEqualTo(kind);
              assertThat(failure).hasMessageContaining(words);
              assertThat(failure.getMessage()).doesNotContain("secret");
              assertThat(kind == Kind.RETRYABLE || failure.cure() != null).isTrue();
            });
  }

  @Test
  void connectionsThatTheServerEndedAreMadeAnew() {
    try (PostgresProbe probe = new PostgresProbe(PostgresServer.url())) {
      probe.reset();
      try (Sink sink = probe.open(Layout.DOCUMENT)) {
        sink.apply(PEOPLE.create());
        for (int i = 0; i < 3; i++) {
          probe.query(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE application_name = 'dynapipe'");
          assertThat(sink.write(PEOPLE.name(), List.of(PEOPLE.put(i, "n", i, "[]")))).isEmpty();
        }
        assertThat(probe.rows(PEOPLE.schema())).hasSize(3);
      }
    }
  }

  @Test
  void aRestartOfTheServerInTheMiddleLosesAndDoublesNothing(@TempDir Path directory)
      throws Exception {
    TestTable log = TestTable.log();
    EmbeddedPostgres server = start(directory, 0);
    int port = server.getPort();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Sink sink = sink(PostgresServer.url(port), Duration.ofMinutes(2))) {
      sink.apply(PEOPLE.create());
      sink.apply(log.create());
      CountDownLatch begun = new CountDownLatch(5);
      CountDownLatch restarted = new CountDownLatch(1);
      Future<?> writing = thread.submit(() -> writeBatches(sink, log, begun, restarted));
      begun.await();
      server.close();
      server = start(directory, port);
      restarted.countDown();
      writing.get();

      try (PostgresProbe probe = new PostgresProbe(PostgresServer.url(port))) {
        assertThat(probe.query("SELECT count(*) FROM contract.people").get(0))
            .isEqualTo(probe.query("SELECT count(*) FROM contract.log").get(0))
            .isEqualTo(
                probe.query("SELECT count(DISTINCT data ->> 'level') FROM contract.log").get(0));
        assertThat(probe.query("SELECT max((data ->> 'level')::int) + 1 FROM contract.log"))
            .isEqualTo(probe.query("SELECT count(*) FROM contract.log"));
      }
    } finally {
      thread.shutdownNow();
      server.close();
    }
  }

  /** Batches until some have been written after the restart too. */
  private static void writeBatches(
      Sink sink, TestTable log, CountDownLatch begun, CountDownLatch restarted) {
    int after = 0;
    for (int batch = 0; after < 5; batch++) {
      after += restarted.getCount() == 0 ? 1 : 0;
      List<RowWrite> rows = new ArrayList<>();
      List<RowWrite> lines = new ArrayList<>();
      for (int i = batch * 100; i < batch * 100 + 100; i++) {
        rows.add(PEOPLE.put(i, "n", i, "[]"));
        lines.add(log.append("e:" + i, i, "line"));
      }
      assertThat(sink.write(PEOPLE.name(), rows)).isEmpty();
      assertThat(sink.write(log.name(), lines)).isEmpty();
      begun.countDown();
    }
  }

  private static EmbeddedPostgres start(Path directory, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(directory.resolve("data"))
        .setCleanDataDirectory(false)
        .setPort(port)
        .start();
  }
}
