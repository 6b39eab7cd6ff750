package io.dynapipe.task;

import io.dynapipe.config.HostPort;
import io.dynapipe.config.PostgresUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL server of one test's own, which can be stopped, killed and started again. */
public final class RestartableServer implements AutoCloseable {

  private final Path data;
  private final Map<String, String> settings;
  private EmbeddedPostgres server;
  private final int port;

  /** Starts it. */
  public RestartableServer(Path data, Map<String, String> settings) throws IOException {
    this.data = data;
    this.settings = settings;
    this.server = builder().start();
    this.port = server.getPort();
  }

  private EmbeddedPostgres.Builder builder() {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setServerConfig("wal_level", "logical")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("wal_sender_timeout", "3s");
    settings.forEach(builder::setServerConfig);
    return builder;
  }

  public int port() {
    return port;
  }

  /** Its database postgres. */
  public PostgresUrl url() {
    return url(port);
  }

  /** The same through another port. */
  public static PostgresUrl url(int port) {
    return new PostgresUrl(
        List.of(new HostPort("127.0.0.1", port)), "postgres", "postgres", null, Map.of());
  }

  /** Shuts it down in order. */
  public void stop() throws IOException {
    server.close();
  }

  /** SIGKILL to the postmaster; the others see that and end, as after a crash. */
  public void kill() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    postmaster.destroyForcibly();
    postmaster.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    // Finds nothing to stop, says so in the log, and gives its lock on the directory back.
    server.close();
  }

  /** Starts it again on the same port; after a kill that takes until its processes have ended. */
  public void start() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try {
        server = builder().setPort(port).start();
        return;
      } catch (IOException | IllegalStateException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
