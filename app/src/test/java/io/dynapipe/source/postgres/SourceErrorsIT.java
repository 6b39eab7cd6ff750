package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dynapipe.config.HostPort;
import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.Secret;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.TableName;
import io.dynapipe.source.TableSelection;
import io.dynapipe.source.postgres.pgoutput.StreamConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each failure says its cause and its cure, and has the kind that decides the exit code. */
final class SourceErrorsIT {

  private SourceDatabase source;

  @BeforeEach
  void createDatabase() throws Exception {
    source = SourceDatabase.create();
  }

  @AfterEach
  void dropDatabase() throws Exception {
    source.close();
  }

  @Test
  void unreachableServer() throws Exception {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    PostgresServer server = new PostgresServer(TestServer.url(closedPort, "postgres"));
    assertEnvironment(server::info, "refused", "Start the server, or correct host and port");
  }

  @Test
  void unknownHost() {
    PostgresUrl url =
        new PostgresUrl(
            List.of(new HostPort("no-such-host.invalid", 5432)), "db", "me", null, Map.of());
    assertEnvironment(new PostgresServer(url)::info, "host name is unknown", "Correct the host");
  }

  @Test
  void unknownDatabase() {
    PostgresServer server = new PostgresServer(TestServer.url(TestServer.port(), "nowhere"));
    assertEnvironment(server::info, "database \"nowhere\" does not exist", "database's name");
  }

  @Test
  void wrongPasswordAndOtherSettingsOfTheServer(@TempDir Path folder) throws Exception {
    Path hba = folder.resolve("pg_hba.conf");
    Files.writeString(
        hba, "host all locked 127.0.0.1/32 scram-sha-256\nhost all postgres 127.0.0.1/32 trust\n");
    folder.toFile().setExecutable(true, false);
    hba.toFile().setReadable(true, false);
    Map<String, String> settings =
        Map.of("wal_level", "replica", "hba_file", hba.toString(), "max_replication_slots", "0");
    try (EmbeddedPostgres server = TestServer.start(settings)) {
      PostgresUrl postgres = TestServer.url(server.getPort(), "postgres");
      try (SourceDatabase database = SourceDatabase.create(postgres)) {
        database.run("CREATE ROLE locked LOGIN PASSWORD 'right'");
        assertEnvironment(
            () -> as(database, "locked", "wrong").info(),
            "password authentication failed",
            "Correct user and password");
        assertEnvironment(
            () -> as(database, "stranger", null).info(), "pg_hba.conf", "a line in pg_hba.conf");
        assertEnvironment(
            () -> database.server().requireLogical(),
            "wal_level is replica",
            "ALTER SYSTEM SET wal_level = logical");
        assertEnvironment(
            () -> database.server().slots().create("s"),
            "max_replication_slots",
            "Raise max_replication_slots");
      }
    }
  }

  @Test
  void roleWithoutPrivileges() throws Exception {
    source.run("CREATE TABLE foo (id int PRIMARY KEY)");
    String role = "weak_" + source.name();
    source.run("CREATE ROLE " + role + " LOGIN");
    try {
      PostgresServer server = as(source, role, null);
      List<SourceTable> tables = server.tables(TableSelection.ALL_TABLES);
      assertEnvironment(() -> server.slots().create(source.name()), "cannot connect", "ALTER ROLE");
      assertEnvironment(
          () -> server.publications().ensure("p", tables), "permission denied", "CREATE on the");
    } finally {
      source.run("DROP ROLE " + role);
    }
  }

  @Test
  void missingTable() {
    PipelineException failure =
        failure(
            () ->
                source
                    .server()
                    .tables(TableSelection.exactly(Set.of(new TableName("public", "Foo")))));
    assertThat(failure.kind()).isEqualTo(PipelineException.Kind.INPUT);
    assertThat(failure).hasMessage("the source has no table public.Foo");
    assertThat(failure.cure()).contains("letter case counts");
  }

  @Test
  void slotNameThatIsNotAllowed() {
    PipelineException failure = failure(() -> source.server().slots().create("My-Slot"));
    assertThat(failure.kind()).isEqualTo(PipelineException.Kind.INPUT);
    assertThat(failure.cure()).contains("lower-case letters");
  }

  @Test
  void slotThatExistsAlready() throws Exception {
    source.server().slots().create(source.name()).close();
    assertEnvironment(
        () -> source.server().slots().create(source.name()), "already exists", "another name");
  }

  @Test
  void slotThatIsMissing() {
    assertEnvironment(
        () -> source.server().slots().requireUsable("nowhere", Duration.ZERO),
        "the replication slot nowhere does not exist",
        "reload-target");
  }

  @Test
  void slotThatIsInUse() throws Exception {
    source.run("CREATE TABLE foo (id int PRIMARY KEY)");
    StreamConfig config = Capture.prepare(source);
    Recorder recorder = new Recorder();
    try (StreamRun run = StreamRun.start(source, config, recorder)) {
      run.catchUp(recorder);
      assertEnvironment(
          () -> source.server().slots().requireUsable(config.slot(), Duration.ZERO),
          "is in use by server process",
          "pg_terminate_backend");
    }
  }

  @Test
  void slotOfAnotherPlugin() throws Exception {
    source.run(
        "SELECT pg_create_logical_replication_slot('" + source.name() + "', 'test_decoding')");
    assertEnvironment(
        () -> source.server().slots().requireUsable(source.name(), Duration.ZERO),
        "belongs to plugin test_decoding",
        "another slot");
  }

  @Test
  void slotThatIsLost() throws Exception {
    source.run("CREATE TABLE foo (id int PRIMARY KEY)");
    StreamConfig config = Capture.prepare(source);
    source.run("ALTER SYSTEM SET max_slot_wal_keep_size = 1", "SELECT pg_reload_conf()");
    try {
      for (int i = 0; i < 4; i++) {
        source.run("INSERT INTO foo VALUES (" + i + ")", "SELECT pg_switch_wal()");
      }
      source.run("CHECKPOINT");
      assertThat(source.server().slots().state(config.slot()).isLost()).isTrue();
      assertEnvironment(
          () -> source.server().slots().requireUsable(config.slot(), Duration.ZERO),
          "is lost",
          "max_slot_wal_keep_size");
    } finally {
      source.run("ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()");
    }
  }

  @Test
  void publicationThatWasDropped() throws Exception {
    source.run("CREATE TABLE foo (id int PRIMARY KEY)");
    StreamConfig config = Capture.prepare(source);
    source.server().publications().drop(source.name());
    source.run("INSERT INTO foo VALUES (1)");
    try (StreamRun run = StreamRun.start(source, config, new Recorder())) {
      assertThat(run.failure())
          .hasMessageContaining("publication")
          .satisfies(e -> assertThat(((PipelineException) e).cure()).contains("load again"));
    }
  }

  private static PostgresServer as(SourceDatabase source, String user, String password) {
    PostgresUrl url = source.url();
    Secret secret = password == null ? null : Secret.of(password);
    return new PostgresServer(
        new PostgresUrl(url.hosts(), url.database(), user, secret, url.properties()));
  }

  private static PipelineException failure(ThrowingCallable action) {
    PipelineException failure = catchThrowableOfType(PipelineException.class, action);
    assertThat(failure).isNotNull();
    return failure;
  }

  private static void assertEnvironment(ThrowingCallable action, String cause, String cure) {
    PipelineException failure = failure(action);
    assertThat(failure.kind()).isEqualTo(PipelineException.Kind.ENVIRONMENT);
    assertThat(failure).hasMessageContaining(cause);
    assertThat(failure.cure()).contains(cure);
  }
}
