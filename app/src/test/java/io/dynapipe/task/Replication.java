package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.EmbeddedStreamUrl;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.event.Lsn;
import io.dynapipe.mapping.TableMappings;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.source.postgres.SourceDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source database, a target database, and the pipeline between them. */
public final class Replication implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path state;
  private final SourceDatabase source;
  private final SourceDatabase target;
  private TaskDefinition definition =
      TaskDefinition.of(
          "TEST", MigrationType.FULL_LOAD_AND_CDC, TableMappings.ofPatterns(List.of()));
  private @Nullable PostgresUrl sourceUrl;
  private @Nullable CrateTarget crate;
  private String stream = "embedded:";
  private @Nullable LocalPipeline pipeline;

  /** With databases of its own; nothing moves yet. */
  public Replication(Path state) throws SQLException {
    this(state, SourceDatabase.create());
  }

  /** From a source that the test has made, and that is closed with this. */
  public Replication(Path state, SourceDatabase source) throws SQLException {
    this.state = state;
    this.source = source;
    this.target = SourceDatabase.create();
  }

  public SourceDatabase source() {
    return source;
  }

  public SourceDatabase target() {
    return target;
  }

  /** What the next start does. */
  public Replication with(TaskDefinition next) {
    definition = next;
    return this;
  }

  public Replication withMappings(String json) {
    return with(TaskDefinition.of("TEST", definition.migrationType(), TableMappings.parse(json)));
  }

  public Replication withSettings(String json) {
    return with(definition.withSettings(TaskSettings.parse(json)));
  }

  public Replication withType(MigrationType type) {
    return with(TaskDefinition.of("TEST", type, definition.mappings()));
  }

  /** Reaches the source in another way. */
  public Replication through(PostgresUrl url) {
    sourceUrl = url;
    return this;
  }

  /** Writes to a CrateDB instead of the target database. */
  Replication to(CrateTarget other) {
    crate = other;
    return this;
  }

  public Replication withStream(String url) {
    stream = url;
    return this;
  }

  public TaskDefinition definition() {
    return definition;
  }

  /** Begins, or goes on after {@link #stop}. */
  public LocalPipeline start() throws InterruptedException {
    LocalPipeline started =
        new LocalPipeline(
            sourceUrl == null ? source.url() : sourceUrl,
            crate == null ? target.url() : crate.url(),
            Layout.DOCUMENT,
            (EmbeddedStreamUrl) StreamUrl.parse(stream),
            state,
            definition);
    pipeline = started;
    started.start(StartType.RESUME_PROCESSING);
    return started;
  }

  public LocalPipeline pipeline() {
    LocalPipeline running = pipeline;
    assertThat(running).isNotNull();
    return running;
  }

  public void stop() {
    if (pipeline != null) {
      pipeline.close();
      pipeline = null;
    }
  }

  /** Returns when the target holds all that the source has committed by now. */
  public void catchUp() throws Exception {
    Lsn now = Lsn.parse(source.query("SELECT pg_logical_emit_message(true, 'test', '')").get(0));
    assertThat(pipeline().pipeline().awaitApplied(now, LIMIT)).as("applied in time").isTrue();
  }

  /** Waits for the capture to end by itself, and for all of it to be applied. */
  public CaptureEnd awaitEnd() throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!pipeline().isDone()) {
      pipeline().pipeline().throwFailure();
      assertThat(System.nanoTime()).as("time to end").isLessThan(deadline);
      Thread.sleep(5);
    }
    return pipeline().end();
  }

  /** The rows of tables are the same on both sides, as JSON. */
  public void assertEqual(String... tables) throws SQLException {
    for (String table : tables) {
      assertThat(targetRows(table)).as(table).isEqualTo(sourceRows(table));
    }
  }

  public List<String> sourceRows(String table) throws SQLException {
    return source.query("SELECT to_jsonb(t)::text FROM ONLY " + table + " t ORDER BY 1");
  }

  public List<String> targetRows(String table) throws SQLException {
    if (crate != null) {
      return crate.rows(source, table);
    }
    return target.query("SELECT data::text FROM " + table + " ORDER BY 1");
  }

  /** Whether the target has a table of this name, as SQL writes it. */
  public boolean targetHas(String table) throws SQLException {
    return crate == null
        ? target.query("SELECT to_regclass('" + table + "') IS NOT NULL").contains("t")
        : crate.has(table);
  }

  /** Why records were set aside. */
  public List<String> quarantineReasons() throws SQLException {
    return crate == null
        ? target.query("SELECT reason FROM dynapipe.quarantine")
        : crate.quarantined().stream().map(QuarantineEntry::reason).toList();
  }

  @Override
  public void close() throws SQLException {
    try {
      stop();
    } finally {
      source.close();
      target.close();
    }
  }
}
