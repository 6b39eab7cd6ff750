package io.dynapipe.sink.cratedb;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A CrateDB process of a test's own, which can be killed and started again on its data. */
final class CrateNode implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final String command;
  private final Path data;
  private final int port = freePort();
  private final AtomicInteger deaths = new AtomicInteger();
  private final List<CompletableFuture<Void>> restarts = new ArrayList<>();
  private volatile Process process;

  CrateNode(String command, Path data) {
    this.command = command;
    this.data = data;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort() % 20_000 + 20_000;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** How often it was killed. */
  int deaths() {
    restarts.forEach(CompletableFuture::join);
    return deaths.get();
  }

  void start() {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of(String.valueOf(port), data.toString()));
    File log = data.resolve("node.log").toFile();
    try {
      process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!answers()) {
      if (!process.isAlive() || Instant.now().isAfter(deadline)) {
        throw new IllegalStateException("CrateDB does not start, see " + log);
      }
      Thread.onSpinWait();
    }
  }

  private boolean answers() {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri().toURL().openConnection();
      connection.setConnectTimeout(500);
      connection.setReadTimeout(5_000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills it a little later, while the caller goes on, and starts it again. */
  void killWithin(Duration delay) {
    restarts.add(
        CompletableFuture.runAsync(
            () -> {
              kill();
              start();
            },
            CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)));
  }

  private void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    deaths.incrementAndGet();
  }

  @Override
  public void close() {
    restarts.forEach(restart -> restart.exceptionally(e -> null).join());
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
