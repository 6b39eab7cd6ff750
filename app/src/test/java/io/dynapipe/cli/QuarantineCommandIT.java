package io.dynapipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.sink.cratedb.CrateQuery;
import io.dynapipe.sink.cratedb.CrateSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row that comes before its table's definition, from the failure to its cure. */
class QuarantineCommandIT {

  private final String name = "quarantined_" + System.nanoTime();
  private final String table = "public." + name;
  @TempDir Path directory;

  @Test
  void leadsFromTheFailureToTheCureOnPostgres() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("target")) {
      String sink = server.url("target");

      setAside(sink);
      server.execute("target", "CREATE TABLE " + table + " (id INT PRIMARY KEY, name TEXT)");
      retry(sink);

      assertThat(quarantine("drop", "--sink", sink).exitCode()).isEqualTo(2);
      Program.Result unknown = quarantine("show", "--sink", sink, "nowhere:1");
      assertThat(unknown.exitCode()).isEqualTo(2);
      assertThat(unknown.err()).contains("not in quarantine: nowhere:1");
    }
  }

  @Test
  void leadsFromTheFailureToTheCureOnCrateDb() throws Exception {
    String sink = System.getenv("DYNAPIPE_TEST_CRATEDB");
    assumeTrue(
        sink != null && !sink.isEmpty(),
        "DYNAPIPE_TEST_CRATEDB names no CrateDB (such as http://localhost:4200)");
    CrateQuery query = new CrateQuery(CrateSettings.of((CrateUrl) SinkUrl.parse(sink, Map.of())));

    setAside(sink);
    query.rows(
        "CREATE TABLE "
            + table
            + " (pk OBJECT(STRICT) AS (id INTEGER PRIMARY KEY), data OBJECT(DYNAMIC))"
            + " CLUSTERED INTO 1 SHARDS");
    try {
      retry(sink);
      query.refresh(table);
      assertThat(query.rows("SELECT data['name'] FROM " + table)).containsExactly(List.of("Jane"));
    } finally {
      query.rows("DROP TABLE " + table);
    }
  }

  private void setAside(String sink) throws Exception {
    Path events = Files.writeString(directory.resolve("events.ndjson"), event());
    assertThat(Program.run(directory, "apply", events.toString(), "--sink", sink).exitCode())
        .isEqualTo(1);

    Program.Result list = quarantine("list", "--sink", sink, "--table", table);
    assertThat(list.exitCode()).isZero();
    assertThat(list.out()).contains("no definition of " + table).contains("1 in quarantine");

    String json = quarantine("list", "--sink", sink, "--table", table, "--json").out();
    assertThat(json)
        .startsWith("{\"id\":\"events.ndjson@")
        .contains("\"table\":\"" + table + "\"", "\"operation\":\"load\"");
    String id = json.substring(7, json.indexOf('"', 7));
    Program.Result show = quarantine("show", "--sink", sink, id);
    assertThat(show.out()).contains(event().strip()).contains("reason no definition");

    Program.Result early = quarantine("retry", "--sink", sink, "--table", table);
    assertThat(early.exitCode()).isEqualTo(1);
    assertThat(early.out()).contains("0 applied, 1 left in quarantine");
  }

  private void retry(String sink) throws Exception {
    Program.Result retry =
        quarantine("retry", "--sink", sink, "--table", table, "--settle", "0s", "--json");
    assertThat(retry.out()).isEqualToIgnoringNewLines("{\"applied\":1,\"left\":0}");
    assertThat(retry.exitCode()).isZero();
    assertThat(quarantine("list", "--sink", sink, "--table", table).out())
        .contains("0 in quarantine");
  }

  private Program.Result quarantine(String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "quarantine";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Program.run(directory, all);
  }

  private String event() {
    return """
    {"data":{"id":1,"name":"Jane"},"metadata":{"timestamp":"2024-07-29T00:57:35.691762Z",\
    "record-type":"data","operation":"load","partition-key-type":"primary-key",\
    "schema-name":"public","table-name":"%s"}}
    """
        .formatted(name);
  }
}
