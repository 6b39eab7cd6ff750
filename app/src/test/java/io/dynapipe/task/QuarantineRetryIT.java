package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.Sink;
import io.dynapipe.stream.SequenceNumber;
import io.dynapipe.stream.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table whose rows a constraint refuses until a person drops it. */
class QuarantineRetryIT {

  private static final Duration NO_WAIT = Duration.ZERO;

  private static EmbeddedServer server;
  private Sink sink;
  private BatchProcessor pipeline;
  private long sequence = 8;

  @BeforeAll
  static void start() {
    server = EmbeddedServer.start("target");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    server.execute(
        "target",
        "DROP SCHEMA IF EXISTS dynapipe CASCADE",
        "DROP TABLE IF EXISTS public.foo",
        "CREATE TABLE public.foo (id INT PRIMARY KEY, n INT,"
            + " CONSTRAINT positive CHECK (n > 0))");
    sink = Sinks.open(SinkUrl.parse(server.url("target"), Map.of()), Layout.COLUMNS);
    pipeline = new BatchProcessor(new DmsDecoder(), sink, new FastClock());
  }

  @AfterEach
  void close() {
    sink.close();
  }

  @Test
  void appliesRecordsOfAKeyInTheirOrder() throws Exception {
    process(insert(1, 0));
    process(update(1, 2), insert(2, 5), update(1, 3));
    assertThat(quarantined()).hasSize(3);
    allowAnything();

    QuarantineRetry.Result result = retry(NO_WAIT);

    assertThat(result.applied()).isEqualTo(3);
    assertThat(result.setAside()).isEmpty();
    assertThat(quarantined()).isEmpty();
    assertThat(rows()).containsExactly("1:3", "2:5");
  }

  @Test
  void keepsWhatFailsAgainWithItsNewReasonAndItsHold() throws Exception {
    process(insert(1, 0), insert(3, 0));
    process(update(1, 2));
    server.execute(
        "target",
        "ALTER TABLE foo DROP CONSTRAINT positive",
        "ALTER TABLE foo ADD CONSTRAINT not_the_first CHECK (id <> 1)");

    QuarantineRetry.Result result = retry(NO_WAIT);

    assertThat(result.applied()).isEqualTo(1);
    assertThat(rows()).containsExactly("3:0");
    assertThat(quarantined()).hasSize(2);
    assertThat(quarantined().get(0).reason()).contains("not_the_first");
    assertThat(quarantined().get(0).id()).isEqualTo("s:9");
    assertThat(quarantined().get(1).id()).isEqualTo("s:11");
    process(update(1, 4));
    assertThat(quarantined()).hasSize(3);
  }

  @Test
  void letsNoRowOfARunningPipelineOvertake() throws Exception {
    process(insert(1, 0));
    allowAnything();
    refuseOlderRows();
    long end = System.nanoTime() + Duration.ofMillis(1_500).toNanos();
    CompletableFuture<Integer> running =
        CompletableFuture.supplyAsync(
            () -> {
              int n = 0;
              while (System.nanoTime() < end) {
                process(update(1, ++n));
              }
              return n;
            });

    QuarantineRetry.Result result = retry(Duration.ofMillis(500));
    int last = running.get();

    assertThat(result.setAside()).isEmpty();
    retry(Duration.ofMillis(300));
    assertThat(quarantined()).isEmpty();
    assertThat(rows()).containsExactly("1:" + last);
    process(update(1, last + 1));
    assertThat(quarantined()).isEmpty();
    assertThat(rows()).containsExactly("1:" + (last + 1));
  }

  @Test
  void retriesOneTableOnly() throws Exception {
    server.execute("target", "CREATE TABLE IF NOT EXISTS public.bar (id INT PRIMARY KEY, n INT)");
    process(insert(1, 0), "not a DMS message");
    allowAnything();

    QuarantineRetry.Result result =
        new QuarantineRetry(
                sink, entry -> entry.hold().table().equals("public.foo"), Clock.systemUTC())
            .run(NO_WAIT);

    assertThat(result.applied()).isEqualTo(1);
    assertThat(quarantined()).extracting(QuarantineEntry::operation).containsExactly("unreadable");
  }

  @Test
  void doesNothingWhenNothingIsThere() throws Exception {
    assertThat(retry(Duration.ofMinutes(5)).applied()).isZero();
  }

  private QuarantineRetry.Result retry(Duration settle) throws InterruptedException {
    return new QuarantineRetry(sink, entry -> true, Clock.systemUTC()).run(settle);
  }

  private List<QuarantineEntry> quarantined() {
    return sink.quarantine().list();
  }

  private void allowAnything() {
    server.execute("target", "ALTER TABLE foo DROP CONSTRAINT positive");
  }

  private void refuseOlderRows() {
    server.execute(
        "target",
        "CREATE OR REPLACE FUNCTION refuse_older() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " IF NEW.n < OLD.n THEN RAISE EXCEPTION 'older row % over %', NEW.n, OLD.n;"
            + " END IF; RETURN NEW; END $$",
        "CREATE TRIGGER refuse_older BEFORE UPDATE ON foo FOR EACH ROW"
            + " EXECUTE FUNCTION refuse_older()");
  }

  private void process(String... events) {
    List<StoredRecord> batch = new ArrayList<>();
    for (String event : events) {
      batch.add(
          new StoredRecord(
              "s", SequenceNumber.of(++sequence), "", event.getBytes(StandardCharsets.UTF_8), 0));
    }
    BatchOutcome outcome = pipeline.process(batch);
    assertThat(outcome.failure()).isNull();
  }

  private static String insert(int id, int n) {
    return event("insert", id, n);
  }

  private static String update(int id, int n) {
    return event("update", id, n);
  }

  private static String event(String operation, int id, int n) {
    return """
    {"data":{"id":%d,"n":%d},"metadata":{"timestamp":"2024-07-29T00:57:35.691762Z",\
    "record-type":"data","operation":"%s","partition-key-type":"primary-key",\
    "schema-name":"public","table-name":"foo"}}\
    """
        .formatted(id, n, operation);
  }

  private static List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/target", "postgres", "");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT id || ':' || n FROM foo ORDER BY id")) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  /** A processor reads the quarantine again every five seconds of its clock: here, every 100 ms. */
  private static final class FastClock extends Clock {
    private final Instant began = Instant.now();

    @Override
    public Instant instant() {
      return began.plus(Duration.between(began, Instant.now()).multipliedBy(50));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
