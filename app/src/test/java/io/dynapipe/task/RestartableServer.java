package io.dynapipe.task;

import io.dynapipe.config.HostPort;
import io.dynapipe.config.PostgresUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

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
    this.port = freePort();
    this.server = builder().setPort(port).start();
  }

  /**
   * A port that the system gives to nobody by itself (Linux: 32768 and more), or a client that
   * connects meanwhile could have it when the server wants to come back: even to itself.
   */
  private static int freePort() {
    while (true) {
      int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket free = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // The next one.
      }
    }
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

  /** Shuts it down in order, which it refuses as long as a stream does not confirm what it got. */
  public void stop() throws IOException {
    ProcessHandle postmaster = postmaster();
    server.close();
    awaitEnd(List.of(postmaster));
  }

  /** SIGKILL to the postmaster; the others see that and end, as after a crash. */
  public void kill() throws IOException {
    ProcessHandle postmaster = postmaster();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    postmaster.destroyForcibly();
    awaitEnd(all);
    // Finds nothing to stop, says so in the log, and gives its lock on the directory back.
    server.close();
  }

  private ProcessHandle postmaster() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    return ProcessHandle.of(pid).orElseThrow();
  }

  /** A server does not start while a process of the one before has its memory. */
  private static void awaitEnd(List<ProcessHandle> processes) {
    for (ProcessHandle process : processes) {
      try {
        process.onExit().get(60, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        throw new AssertionError("the server's process " + process.info() + " does not end", e);
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Starts it again on the same port. */
  public void start() throws IOException {
    server = builder().setPort(port).start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
