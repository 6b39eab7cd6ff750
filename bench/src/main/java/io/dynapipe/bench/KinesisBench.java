package io.dynapipe.bench;

import io.dynapipe.demo.EmbeddedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A full load through the embedded stream and through the Kinesis API, in one run: source, stream
 * and sink of the same process, an embedded PostgreSQL at both ends. Kinesis is {@link
 * KinesisStandIn}, a process of its own on the same machine.
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
    // Also when this is killed in the middle: the stand-in ends with its standard input.
    Process process =
        new ProcessBuilder(Child.loop(KinesisStandIn.class))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String port = output.readLine();
      if (port == null) {
        throw new IllegalStateException("the stand-in for Kinesis did not start");
      }
      measure("http://127.0.0.1:" + port, process.pid());
    } finally {
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private void measure(String endpoint, long pid) throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start(SOURCE, TARGET);
        SourceDatabase source = new SourceDatabase(server.url(SOURCE))) {
      source.fill(options.events());
      Runs embedded = new Runs(options.events());
      Through plain = new Through(source.url(), server.url(TARGET), endpoint, pid, false);
      Through aggregated = new Through(source.url(), server.url(TARGET), endpoint, pid, true);
      for (int round = 0; round < options.rounds(); round++) {
        embedded.add(run(source.url(), server.url(TARGET), "embedded:?shards=4", List.of()));
        plain.once();
        aggregated.once();
      }
      plain.print("kinesis-vs-embedded", embedded);
      aggregated.print("kinesis-aggregated-vs-embedded", embedded);
    }
  }

  /** Runs through the stand-in. */
  private final class Through {

    private final String source;
    private final String target;
    private final String endpoint;
    private final boolean aggregate;
    private final Child.Usage standIn;
    private final Runs runs = new Runs(options.events());
    private double standInCpuSeconds;

    Through(String source, String target, String endpoint, long pid, boolean aggregate) {
      this.source = source;
      this.target = target;
      this.endpoint = endpoint;
      this.aggregate = aggregate;
      this.standIn = new Child.Usage(pid);
    }

    void once() throws Exception {
      String name = "bench-" + System.nanoTime();
      String stream =
          "kinesis://us-east-1/%s?endpoint=%s&shards=4&pace=false&aggregate=%s"
              .formatted(name, endpoint, aggregate);
      // The stand-in asks for no credentials, but the client wants some. And it speaks JSON alone:
      // what the client chooses otherwise, CBOR, which carries data as they are and not in Base64,
      // is left out of these figures.
      List<String> environment =
          List.of(
              "env",
              "AWS_ACCESS_KEY_ID=test",
              "AWS_SECRET_ACCESS_KEY=test",
              "DYNAPIPE_JAVA_OPTS=" + javaOptions() + " -Daws.cborEnabled=false");
      standIn.look();
      double before = standIn.cpuSeconds();
      runs.add(run(source, target, stream, environment));
      standIn.look();
      standInCpuSeconds += standIn.cpuSeconds() - before;
      delete(endpoint, name);
    }

    void print(String name, Runs embedded) {
      Map<String, Double> peers = new LinkedHashMap<>();
      peers.put("stand-in-cpu-s", standInCpuSeconds / options.rounds());
      report.print(Report.Result.of(name, "rows/s", runs, embedded, peers));
    }
  }

  private static String javaOptions() {
    String given = System.getenv("DYNAPIPE_JAVA_OPTS");
    return given == null ? "" : given;
  }

  private Measured run(String source, String target, String stream, List<String> environment)
      throws Exception {
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
      command.addAll(0, environment);
      Measured run = Child.run(command);
      check(target);
      return run;
    } finally {
      try (Stream<Path> files = Files.walk(state)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Whether all rows are there: what arrives in part is fast. */
  private void check(String sink) throws Exception {
    try (Target target = Target.open(sink)) {
      if (target.count() != options.events()) {
        throw new IllegalStateException(
            "the target holds " + target.count() + " rows, not " + options.events());
      }
    }
  }

  /** So that the next run finds the stand-in's memory as this one did. */
  private static void delete(String endpoint, String stream) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(endpoint).toURL().openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("X-Amz-Target", "Kinesis_20131202.DeleteStream");
    try (OutputStream body = connection.getOutputStream()) {
      body.write(("{\"StreamName\":\"" + stream + "\"}").getBytes(StandardCharsets.UTF_8));
    }
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      throw new IllegalStateException("DeleteStream answered " + connection.getResponseCode());
    }
  }
}
