package io.dynapipe.bench;

import io.dynapipe.image.FunctionArchive;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The function's cold start, from the start of its process to the answer that the first 1,000
 * records are applied, with and without an AppCDS archive, beside a function that does nothing in
 * the same runtime; and 1,000 records more when it is warm.
 */
final class LambdaBench {

  private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java") + "";
  private static final int RECORDS = 1_000;
  private static final int WARM_BATCHES = 30;
  private static final String META =
      "\"metadata\":{\"timestamp\":\"2024-07-29T00:57:35.691762Z\",\"record-type\":\"%s\","
          + "\"operation\":\"%s\",\"partition-key-type\":\"primary-key\","
          + "\"schema-name\":\"public\",\"table-name\":\"lambda_bench\"}}";
  private static final String CREATE =
      "{\"control\":{\"table-def\":{\"columns\":{\"id\":{\"type\":\"INT32\",\"nullable\":false},"
          + "\"name\":{\"type\":\"STRING\",\"nullable\":true},\"note\":{\"type\":\"STRING\","
          + "\"nullable\":true}},\"primary-key\":[\"id\"]}},";

  private final Options options;
  private final Report report;
  private final String sink;
  private final Path directory;

  LambdaBench(Options options, Report report, String sink) throws IOException {
    this.options = options;
    this.report = report;
    this.sink = sink;
    this.directory = Files.createTempDirectory("dynapipe-bench");
  }

  void run() throws Exception {
    FunctionArchive image =
        FunctionArchive.make(
            JAVA, jars(Path.of(System.getProperty("bench.lambda"))), runtime(), directory);
    Function ours =
        new Function(
            "io.dynapipe.lambda.KinesisHandler::handleRequest",
            image.classPath(directory.toString()),
            image.file());
    List<Path> helloJars = new ArrayList<>(runtime());
    helloJars.add(jar("dynapipe-bench"));
    Function hello =
        new Function(
            HelloHandler.class.getName() + "::handleRequest",
            helloJars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
            directory.resolve("hello.jsa"));
    try {
      hello.archive();
      cold("lambda-cold", ours, hello, false);
      cold("lambda-cold-appcds", ours, hello, true);
      warm(ours);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void cold(String bench, Function ours, Function hello, boolean archived)
      throws Exception {
    List<Double> millis = new ArrayList<>();
    List<Double> helloMillis = new ArrayList<>();
    int rounds = Math.max(5, options.rounds());
    for (int round = 0; round < rounds; round++) {
      helloMillis.add(hello.cold(archived));
      millis.add(ours.cold(archived));
    }
    double least = median(helloMillis);
    report.print(
        new Report.Result(
            bench,
            "ms",
            median(millis),
            least,
            Map.of("beside-hello", median(millis) - least),
            Double.NaN,
            Double.NaN));
  }

  private void warm(Function function) throws Exception {
    try (RuntimeApi api = new RuntimeApi()) {
      Process process = function.start(api, List.of());
      Child.Usage usage = new Child.Usage(process.pid());
      try {
        List<Double> rates = new ArrayList<>();
        for (int batch = 0; batch < WARM_BATCHES; batch++) {
          byte[] event = event(batch);
          long began = System.nanoTime();
          api.give(event);
          api.await();
          rates.add(RECORDS / ((System.nanoTime() - began) / 1e9));
        }
        usage.look();
        double first = rates.get(0);
        report.print(
            new Report.Result(
                "lambda-warm",
                "records/s",
                median(rates.subList(WARM_BATCHES / 2, WARM_BATCHES)),
                Double.NaN,
                Map.of("first-batch", first),
                usage.peakMib(),
                usage.cpuSeconds()));
      } finally {
        process.destroy();
        process.waitFor(10, TimeUnit.SECONDS);
      }
    }
  }

  /** A handler with its class path. */
  private final class Function {
    private final String handler;
    private final String classPath;
    private final Path archive;

    Function(String handler, String classPath, Path archive) {
      this.handler = handler;
      this.classPath = classPath;
      this.archive = archive;
    }

    Process start(RuntimeApi api, List<String> more) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(JAVA);
      command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx400m"));
      command.addAll(more);
      command.addAll(
          List.of(
              "-cp",
              classPath,
              "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
              handler));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder
          .environment()
          .putAll(
              Map.of(
                  "AWS_LAMBDA_RUNTIME_API", api.address(),
                  "AWS_LAMBDA_FUNCTION_NAME", "dynapipe",
                  "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST",
                  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769",
                  "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/dynapipe",
                  "AWS_LAMBDA_LOG_STREAM_NAME", "bench",
                  "DYNAPIPE_SINK", sink,
                  "USE_BATCH_PROCESSING", "true"));
      return builder
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    }

    /** Plays one event and keeps the classes that it needed. */
    void archive() throws Exception {
      try (RuntimeApi api = new RuntimeApi()) {
        api.give(event(0));
        Process process = start(api, List.of("-XX:ArchiveClassesAtExit=" + archive));
        api.await();
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS) || !Files.exists(archive)) {
          throw new IllegalStateException("no archive was made of " + handler);
        }
      }
    }

    double cold(boolean archived) throws Exception {
      List<String> more =
          archived ? List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto") : List.of();
      try (RuntimeApi api = new RuntimeApi()) {
        api.give(event(0));
        long began = System.nanoTime();
        Process process = start(api, more);
        api.await();
        double millis = (System.nanoTime() - began) / 1e6;
        process.destroy();
        process.waitFor(10, TimeUnit.SECONDS);
        return millis;
      }
    }
  }

  private static byte[] event(int batch) {
    StringBuilder event = new StringBuilder("{\"Records\":[");
    for (int i = 0; i < RECORDS; i++) {
      int id = batch * RECORDS + i;
      String message =
          i == 0
              ? CREATE + META.formatted("control", "create-table")
              : "{\"data\":{\"id\":%d,\"name\":\"customer %d\",\"note\":\"c4ca4238a0b923820dcc509\"},"
                      .formatted(id, id)
                  + META.formatted("data", "insert");
      event
          .append(i == 0 ? "" : ",")
          .append("{\"kinesis\":{\"partitionKey\":\"public.lambda_bench.")
          .append(id)
          .append("\",\"sequenceNumber\":\"4959033827149025660855969253836157109592157598")
          .append(100_000_000L + id)
          .append("\",\"data\":\"")
          .append(Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8)))
          .append("\",\"approximateArrivalTimestamp\":1545084650.987},")
          .append("\"eventSource\":\"aws:kinesis\",\"eventID\":\"shardId-000000000006:")
          .append(100_000_000L + id)
          .append("\"}");
    }
    return event.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static List<Path> runtime() {
    return List.of(
        jar("aws-lambda-java-core"),
        jar("aws-lambda-java-runtime-interface-client"),
        jar("aws-lambda-java-serialization"));
  }

  private static Path jar(String name) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(jar -> jar.getFileName().toString().startsWith(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " is not on the class path"));
  }

  private static List<Path> jars(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
