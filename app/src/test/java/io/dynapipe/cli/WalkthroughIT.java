package io.dynapipe.cli;

import static io.dynapipe.demo.EmbeddedQuery.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.demo.EmbeddedServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the README, as a newcomer types them. */
class WalkthroughIT {

  @TempDir Path directory;

  @Test
  void playsTheDemo() throws Exception {
    Program.Result result = Program.run(directory, "demo", "--once", "--json");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out().lines())
        .containsExactly(
            "{\"step\":\"full-load\",\"table\":\"public.foo\",\"rows\":["
                + "{\"age\":30,\"attributes\":{\"foo\":\"bar\"},\"id\":42,\"name\":\"John\"},"
                + "{\"age\":31,\"attributes\":{\"baz\":\"qux\"},\"id\":43,\"name\":\"Jane\"}]}",
            "{\"step\":\"updates\",\"table\":\"public.foo\",\"rows\":["
                + "{\"age\":33,\"attributes\":{\"foo\":\"bar\",\"last_name\":\"Doe\"},"
                + "\"id\":42,\"name\":\"John\"},"
                + "{\"age\":33,\"attributes\":{\"baz\":\"qux\"},\"id\":43,\"name\":\"Jane\"}]}",
            "{\"step\":\"deletes\",\"table\":\"public.foo\",\"rows\":[]}");
  }

  @Test
  void appliesACapturedFileAsOftenAsOneLikes() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("source", "target")) {
      server.execute(
          "source",
          "CREATE TABLE foo (id INT PRIMARY KEY, name TEXT, attributes JSONB)",
          "INSERT INTO foo SELECT i, 'name ' || i, jsonb_build_object('i', i)"
              + " FROM generate_series(1, 3000) i",
          "CREATE TABLE keyless (name TEXT, age INT)",
          "INSERT INTO keyless SELECT 'same', i % 3 FROM generate_series(1, 30) i");
      String file = capture(server);

      for (int i = 0; i < 2; i++) {
        assertThat(apply(file, server)).contains("\"loads\":3030", "\"quarantined\":0");
        assertThat(rows(server.url("target"), "SELECT data::text FROM foo ORDER BY 1"))
            .isEqualTo(
                rows(server.url("source"), "SELECT to_jsonb(t)::text FROM foo t ORDER BY 1"));
        assertThat(rows(server.url("target"), "SELECT data::text FROM keyless ORDER BY 1"))
            .isEqualTo(
                rows(server.url("source"), "SELECT to_jsonb(t)::text FROM keyless t ORDER BY 1"));
      }
      assertThat(rows(server.url("source"), "SELECT slot_name FROM pg_replication_slots"))
          .isEmpty();
    }
  }

  /** Read, decoded and written ahead, they would be several times the heap of 256 MiB. */
  @Test
  void appliesLargeRowsThatFollowEachOther() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("source", "target")) {
      server.execute(
          "source",
          "CREATE TABLE foo (id INT PRIMARY KEY, v TEXT)",
          "INSERT INTO foo SELECT i, repeat('x', 15000000) FROM generate_series(1, 6) i");
      String file = capture(server);

      assertThat(apply(file, server)).contains("\"loads\":6", "\"quarantined\":0");
      assertThat(rows(server.url("target"), "SELECT length(data->>'v')::text FROM foo"))
          .hasSize(6)
          .containsOnly("15000000");
    }
  }

  @Test
  void leavesNothingAtTheSourceWhenACaptureIsStopped() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("source")) {
      server.execute("source", "CREATE TABLE foo (id INT PRIMARY KEY)");
      Program capture =
          Program.start(
              directory, "capture", "--source", server.url("source"), "--out", "events.ndjson");
      awaitSlot(server);

      assertThat(capture.stop().exitCode()).isEqualTo(143);
      assertThat(rows(server.url("source"), "SELECT slot_name FROM pg_replication_slots"))
          .isEmpty();
      assertThat(rows(server.url("source"), "SELECT pubname FROM pg_publication")).isEmpty();
    }
  }

  private static void awaitSlot(EmbeddedServer server) throws Exception {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (rows(server.url("source"), "SELECT 1 FROM pg_replication_slots WHERE active")
        .isEmpty()) {
      assertThat(System.nanoTime()).as("a slot within a minute").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  /** The file into which all tables were loaded. */
  private String capture(EmbeddedServer server) throws Exception {
    String file = directory.resolve("events.ndjson").toString();
    Program.Result captured =
        Program.run(
            directory,
            "capture",
            "--source",
            server.url("source"),
            "--out",
            file,
            "--migration-type",
            "full-load");
    assertThat(captured.exitCode()).as(captured.err()).isZero();
    return file;
  }

  /** What was printed. */
  private String apply(String file, EmbeddedServer server) throws Exception {
    Program.Result applied =
        Program.run(directory, "apply", file, "--sink", server.url("target"), "--json");
    assertThat(applied.exitCode()).as(applied.err()).isZero();
    return applied.out();
  }
}
