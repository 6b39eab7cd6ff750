package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** {@code dynapipe serve} in a process of its own, which can be killed. */
final class ServiceProcess {

  private final Path state;
  private final String sink;
  private final List<String> options;
  private Process process;
  private ApiClient client;

  ServiceProcess(Path state, String sink, String... options) {
    this.state = state;
    this.sink = sink;
    this.options = List.of(options);
  }

  /** Returns when it answers. */
  void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "io.dynapipe.cli.Main",
            "serve",
            "--port",
            "0",
            "--state",
            state.toString(),
            "--sink",
            sink));
    Path log = state.resolveSibling("service.log");
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains("http://localhost:")) {
        client = new ApiClient(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
        return;
      }
    }
    throw new IllegalStateException("the service does not start: " + Files.readString(log));
  }

  /** As kill -9 does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  JsonNode ok(String operation, String json) {
    ApiClient.Reply reply = client.dms(operation, json);
    assertThat(reply.status()).as("%s: %s", operation, reply.body()).isEqualTo(200);
    return reply.body();
  }

  /** The most memory it has had, heap and all, in MiB; from Linux's own books. */
  long peakMemory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", process.pid() + "", "status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
      }
    }
    throw new IllegalStateException("no VmHWM");
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("waiting for %s", what).isNegative();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
