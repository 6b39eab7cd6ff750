package io.dynapipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.demo.EmbeddedServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 8: errors say cause and cure, and the exit code tells which kind they are. */
class WrongInputIT {

  private static final String EVENT =
      """
      {"control":{"table-def":{"columns":{"id":{"type":"INT32","nullable":false}},\
      "primary-key":["id"]}},"metadata":{"timestamp":"2024-07-29T00:57:35.691762Z",\
      "record-type":"control","operation":"create-table","partition-key-type":"task-id",\
      "schema-name":"public","table-name":"lines"}}
      not json
      {"data":{"id":1},"metadata":{"timestamp":"2024-07-29T00:57:35.691762Z",\
      "record-type":"data","operation":"load","partition-key-type":"primary-key",\
      "schema-name":"public","table-name":"lines"}}
      {"a":"DMS message has other members"}
      {"data":{"id":2},"metadata":{"timestamp":"2024-07-29T00:57:35.691762Z",\
      "record-type":"data","operation":"load","partition-key-type":"primary-key",\
      "schema-name":"public","table-name":"lines"}}
      """;

  private static EmbeddedServer server;
  @TempDir Path directory;

  @BeforeAll
  static void start() {
    server = EmbeddedServer.start("source", "target");
    server.execute("source", "CREATE TABLE foo (id INT PRIMARY KEY)");
    server.execute(
        "source",
        "CREATE ROLE plain LOGIN PASSWORD 'right'",
        "CREATE ROLE stranger LOGIN PASSWORD 'right'");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void tellsThatTheSourceCannotBeReached() throws Exception {
    Program.Result result =
        run("run", "--source", "postgresql://postgres@127.0.0.1:1/source", "--sink", target());

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("127.0.0.1:1").doesNotContain("at io.dynapipe");
  }

  @Test
  void tellsThatTheTargetCannotBeReached() throws Exception {
    Program.Result result =
        run("run", "--source", server.url("source"), "--sink", "crate://127.0.0.1:1/");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("127.0.0.1:1").doesNotContain("at io.dynapipe");
  }

  @Test
  void tellsThatWalLevelIsNotLogical() throws Exception {
    try (EmbeddedPostgres replica =
        EmbeddedPostgres.builder().setServerConfig("wal_level", "replica").start()) {
      Program.Result result =
          run(
              "run",
              "--source",
              "postgresql://postgres@127.0.0.1:" + replica.getPort() + "/postgres",
              "--sink",
              target());

      assertThat(result.exitCode()).isEqualTo(3);
      assertThat(result.err()).contains("wal_level", "logical", "ALTER SYSTEM");
    }
  }

  @Test
  void tellsThatATableIsMissing() throws Exception {
    Program.Result result =
        run("run", "--source", server.url("source"), "--sink", target(), "--tables", "nowhere");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("public.nowhere");
  }

  @Test
  void tellsThatAUrlIsMalformed() throws Exception {
    Program.Result result = run("run", "--source", "postgres//host", "--sink", target());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("source URL", "postgresql://user:password@host:5432");
  }

  @Test
  void neverShowsAPassword() throws Exception {
    Program.Result result =
        run("run", "--source", "postgresql://u:s3cret@127.0.0.1:1/x", "--sink", target());

    assertThat(result.err() + result.out()).doesNotContain("s3cret");
  }

  @Test
  void tellsAnUnknownOptionAndWhatWasMeant() throws Exception {
    Program.Result result = run("run", "--source", server.url("source"), "--sinc", target());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("--sinc", "--sink", "--help");
  }

  @Test
  void appliesTheGoodLinesAroundBadOnes() throws Exception {
    Path file = Files.writeString(directory.resolve("events.ndjson"), EVENT);

    Program.Result result = run("apply", file.toString(), "--sink", target(), "--json");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("line 2", "not JSON", "line 4", "metadata");
    assertThat(result.out()).contains("\"loads\":2", "\"unreadable\":2");
  }

  @Test
  void tellsThatAFileIsMissing() throws Exception {
    Program.Result result = run("apply", "nowhere.ndjson", "--sink", target());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("nowhere.ndjson");
  }

  private static String target() {
    return server.url("target");
  }

  private Program.Result run(String... arguments) throws IOException, InterruptedException {
    return Program.run(directory, arguments);
  }
}
