package io.dynapipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.demo.EmbeddedServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user calls it: what it prints, and how it ends. */
class VerifyCommandIT {

  private static EmbeddedServer server;
  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedServer.start("source", "target");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void replicate() throws Exception {
    server.execute(
        "source",
        "DROP TABLE IF EXISTS orders",
        "CREATE TABLE orders (id INT PRIMARY KEY, item TEXT)",
        "INSERT INTO orders SELECT g, 'item ' || g FROM generate_series(1, 1200) g");
    server.execute("target", "DROP TABLE IF EXISTS orders");
    Program.Result run =
        Program.run(
            directory,
            "run",
            "--source",
            server.url("source"),
            "--sink",
            server.url("target"),
            "--tables",
            "orders",
            "--migration-type",
            "full-load",
            "--start-type",
            "reload-target",
            "--state",
            directory.resolve("state").toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void saysThatBothSidesAreEqual() throws Exception {
    Program.Result result = verify();

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("public.orders: equal, 1,200 rows\n");
  }

  @Test
  void listsDifferencesAndFails() throws Exception {
    change();

    Program.Result result = verify();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .isEqualTo(
            """
            public.orders: DIFFERENT: 1,201 rows in the source, 1,200 in the target
              different id=5
                item: item 5 in the source, other in the target
              missing id=9001
            """);
  }

  @Test
  void printsJsonForProgramsAndNoMoreDifferencesThanAsked() throws Exception {
    change();

    Program.Result result = verify("--json", "--differences", "1");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .isEqualTo(
            "{\"table\":\"public.orders\",\"equal\":false,\"source_rows\":1201,"
                + "\"target_rows\":1200,\"more\":true,\"differences\":[{\"kind\":\"different\","
                + "\"key\":\"id=5\",\"columns\":{\"item\":{\"source\":\"item 5\",\"target\":"
                + "\"other\"}}}]}\n");
  }

  @Test
  void tellsWrongInputFromAnUnreachableSide() throws Exception {
    Program.Result noTable =
        Program.run(
            directory,
            "verify",
            "--source",
            server.url("source"),
            "--sink",
            server.url("target"),
            "--tables",
            "nosuch");
    Program.Result noTarget =
        Program.run(
            directory,
            "verify",
            "--source",
            server.url("source"),
            "--sink",
            "crate://127.0.0.1:1",
            "--tables",
            "orders");

    assertThat(noTable.exitCode()).isEqualTo(2);
    assertThat(noTable.err()).contains("public.nosuch");
    assertThat(noTarget.exitCode()).isEqualTo(3);
    assertThat(noTarget.err()).contains("127.0.0.1:1").doesNotContain("at io.dynapipe");
  }

  private static void change() {
    server.execute("source", "INSERT INTO orders VALUES (9001, 'late')");
    server.execute(
        "target",
        "UPDATE orders SET data = jsonb_set(data, '{item}', '\"other\"') WHERE data->>'id' = '5'");
  }

  private Program.Result verify(String... options) throws Exception {
    String[] arguments = new String[7 + options.length];
    String[] first = {
      "verify",
      "--source",
      server.url("source"),
      "--sink",
      server.url("target"),
      "--tables",
      "orders"
    };
    System.arraycopy(first, 0, arguments, 0, first.length);
    System.arraycopy(options, 0, arguments, first.length, options.length);
    return Program.run(directory, arguments);
  }
}
