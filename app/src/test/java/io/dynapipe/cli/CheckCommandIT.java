package io.dynapipe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.demo.EmbeddedServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user calls it: what it prints, and how it ends. */
class CheckCommandIT {

  @TempDir Path directory;

  @Test
  void saysCauseAndCureAndEndsByTheWorstFinding() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start("source")) {
      server.execute("source", "CREATE TABLE orders (id INT PRIMARY KEY)");
      Program.Result fine = check(server, "--tables", "orders");
      server.execute("source", "CREATE TABLE loose (a INT)");
      Program.Result warning = check(server);
      Program.Result error = check(server, "--json", "--sink", "crate://127.0.0.1:1");
      Program.Result wrong = check(server, "--tables", "nosuch");

      assertThat(fine.exitCode()).as(fine.out() + fine.err()).isZero();
      assertThat(fine.out()).contains("Tables: 1, ", "CrateDB: 1 columns");
      assertThat(warning.exitCode()).isEqualTo(1);
      assertThat(warning.out())
          .contains(
              "WARNING replica-identity: public.loose: the table has no replica identity: its"
                  + " updates and deletes are NOT captured\n        Add a primary key, or run ALTER"
                  + " TABLE \"public\".\"loose\" REPLICA IDENTITY FULL;\n");
      assertThat(error.exitCode()).isEqualTo(3);
      assertThat(error.out())
          .startsWith("{\"finding\":\"sink\",\"severity\":\"error\",\"cause\":\"")
          .contains("\"finding\":\"replica-identity\"", "{\"tables\":2,");
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.err()).contains("public.nosuch");
    }
  }

  private Program.Result check(EmbeddedServer server, String... options) throws Exception {
    String[] arguments = new String[3 + options.length];
    arguments[0] = "check";
    arguments[1] = "--source";
    arguments[2] = server.url("source");
    System.arraycopy(options, 0, arguments, 3, options.length);
    return Program.run(directory, arguments);
  }
}
