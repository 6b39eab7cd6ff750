package io.dynapipe.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dynapipe.config.HostPort;
import io.dynapipe.config.PostgresUrl;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Debian's PostgreSQL 15, which has pglogical and may have PostGIS, on a free port and as the user
 * postgres.
 */
public final class DebianServer implements AutoCloseable {

  private static final Path HOME = Path.of("/usr/lib/postgresql/15");
  private static final String USER = "postgres";

  private final Path data;
  private final int port;

  /** Starts it; skips the test where Debian's packages are not installed. */
  public DebianServer() throws IOException {
    assumeThat(Files.exists(HOME.resolve("lib/pglogical_output.so")))
        .as("Debian's postgresql-15-pglogical is installed")
        .isTrue();
    data = Files.createTempDirectory("dynapipe-debian");
    port = freePort();
    if (isRoot()) {
      command(List.of("chown", USER, data.toString()));
    }
    run("initdb", "-D", data.toString(), "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8");
    String options =
        "-p "
            + port
            + " -k "
            + data
            + " -c listen_addresses=127.0.0.1 -c wal_level=logical -c fsync=off"
            + " -c shared_preload_libraries=pglogical";
    run("pg_ctl", "-D", data.toString(), "-w", "-l", data + "/log", "-o", options, "start");
  }

  /** Skips the test where Debian's PostGIS is not installed. */
  static void assumePostgis() {
    assumeThat(Files.exists(HOME.resolve("lib/postgis-3.so")))
        .as("Debian's postgresql-15-postgis-3 is installed")
        .isTrue();
  }

  public PostgresUrl url() {
    return new PostgresUrl(
        List.of(new HostPort("127.0.0.1", port)), "postgres", USER, null, Map.of());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static void run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("runuser", "-u", USER, "--"));
    }
    command.add(HOME.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    command(command);
  }

  private static void command(List<String> command) throws IOException {
    File output = File.createTempFile("dynapipe", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(new File("/"))
              .redirectErrorStream(true)
              .redirectOutput(output)
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("end of %s", command).isTrue();
      assertThat(process.exitValue()).as(Files.readString(output.toPath())).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during " + command, e);
    } finally {
      Files.delete(output.toPath());
    }
  }

  @Override
  public void close() throws IOException {
    run("pg_ctl", "-D", data.toString(), "-m", "immediate", "-w", "stop");
    command(List.of("rm", "-r", data.toString()));
  }
}
