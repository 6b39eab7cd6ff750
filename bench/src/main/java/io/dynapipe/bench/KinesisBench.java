package io.dynapipe.bench;

import io.dynapipe.demo.EmbeddedServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A full load through the embedded stream and through a Kinesis emulator, in one run: source,
 * stream and sink of the same process, an embedded PostgreSQL at both ends. The emulator takes its
 * share of the machine and stores some hundred Kinesis records a second, so that only aggregated
 * records tell something about us.
 */
final class KinesisBench {

  private static final String SOURCE = "source";
  private static final String TARGET = "target";

  private final Options options;
  private final Report report;

  KinesisBench(Options options, Report report) {
    this.options = options;
    this.report = report;
  }

  void run() throws Exception {
    Path emulator = Path.of(System.getProperty("bench.kinesis-local", ""));
    if (!Files.exists(emulator.resolve("main.js"))) {
      System.err.println(
          "bench: kinesis needs the emulator: npm install --prefix target/npm kinesis-local@0.6.2");
      return;
    }
    int port = freePort();
    Process process = start(emulator, port);
    int rows = Math.min(options.rows(), 200_000);
    try (EmbeddedServer server = EmbeddedServer.start(SOURCE, TARGET);
        SourceDatabase source = new SourceDatabase(server.url(SOURCE))) {
      source.fill(rows);
      Runs kinesis = new Runs(rows);
      Runs embedded = new Runs(rows);
      for (int round = 0; round < options.rounds(); round++) {
        embedded.add(run(source.url(), server.url(TARGET), "embedded:?shards=4"));
        kinesis.add(
            run(
                source.url(),
                server.url(TARGET),
                "kinesis://us-east-1/bench-%d?endpoint=http://127.0.0.1:%d&shards=4&pace=false&aggregate=true"
                    .formatted(System.nanoTime(), port)));
      }
      report.print(Report.Result.of("kinesis-vs-embedded", "rows/s", kinesis, embedded, Map.of()));
    } finally {
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static Measured run(String source, String target, String stream) throws Exception {
    Path state = Files.createTempDirectory("dynapipe-bench");
    try {
      List<String> command =
          Child.ours(
              "run",
              "--source",
              source,
              "--sink",
              target,
              "--tables",
              "public." + SourceDatabase.TABLE,
              "--migration-type",
              "full-load",
              "--prepare",
              "drop-and-create",
              "--stream",
              stream,
              "--state",
              state.toString());
      // The emulator takes any, but the client wants some.
      command.addAll(0, List.of("env", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test"));
      return Child.run(command);
    } finally {
      try (Stream<Path> files = Files.walk(state)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static Process start(Path emulator, int port) throws Exception {
    List<String> command = new ArrayList<>(List.of("node", "main.js"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(emulator.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "KINESIS_MOCK_PLAIN_PORT", Integer.toString(port),
                "KINESIS_MOCK_TLS_PORT", Integer.toString(freePort()),
                "SHARD_LIMIT", "500",
                "CREATE_STREAM_DURATION", "50ms",
                "LOG_LEVEL", "WARN"));
    Process process =
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    // Also when this is interrupted in the middle: it would go on working for nobody.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    URI health = URI.create("http://127.0.0.1:" + port + "/healthcheck");
    for (int attempt = 0; !answers(health); attempt++) {
      if (!process.isAlive() || attempt > 600) {
        throw new IllegalStateException("the emulator does not answer at " + health);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return process;
  }

  private static boolean answers(URI address) {
    try {
      return ((HttpURLConnection) address.toURL().openConnection()).getResponseCode() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
