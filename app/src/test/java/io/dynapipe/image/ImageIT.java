package io.dynapipe.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dynapipe.config.Secret;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images on no base at all, through a real registry, and what is in them at work. */
class ImageIT {

  private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java") + "";
  private static final String MESSAGE =
      """
      {"data":{"id":42,"name":"John"},"metadata":{"timestamp":"2024-07-29T00:57:35.691762Z",\
      "record-type":"data","operation":"load","partition-key-type":"primary-key",\
      "schema-name":"public","table-name":"foo"}}\
      """;
  private static final String TABLE =
      """
      {"control":{"table-def":{"columns":{"id":{"type":"INT32","nullable":false},\
      "name":{"type":"STRING","nullable":true}},"primary-key":["id"]}},\
      "metadata":{"timestamp":"2024-07-29T00:57:35.691762Z","record-type":"control",\
      "operation":"create-table","partition-key-type":"task-id","schema-name":"public",\
      "table-name":"foo"}}\
      """;

  @TempDir static Path registryDirectory;
  private static DockerRegistry registry;

  private final List<String> warnings = new ArrayList<>();
  private final ImageBuilder builder = ImageBuilder.ofThisInstallation(warnings::add);
  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    registry = DockerRegistry.start(registryDirectory);
  }

  @AfterAll
  static void stop() throws Exception {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void runsTheFunctionThatWasPushedAndPulled() throws Exception {
    BuiltImage image = push(ImageKind.LAMBDA, "function");
    JsonNode config = registry.unpack("function", image.digest(), directory).path("config");

    assertThat(config.path("User").asText()).isEqualTo("65532:65532");
    List<String> command = new ArrayList<>();
    for (String member : List.of("Entrypoint", "Cmd")) {
      config.path(member).forEach(word -> command.add(unpacked(word.asText())));
    }
    assertThat(command).first().isEqualTo(JAVA);
    assertThat(command).last().isEqualTo("io.dynapipe.lambda.KinesisHandler");
    try (EmbeddedServer server = EmbeddedServer.start("target")) {
      assertThat(invoke(command, server.url("target"))).isEqualTo("{\"batchItemFailures\":[]}");
      assertThat(names(server)).containsExactly("John");
    }
  }

  /** JDK 17 has no archives that can be moved; where there is a newer one, it shows the rest. */
  @Test
  void archivesTheFunctionsClassesWithAJavaThatCan() throws Exception {
    String java = Javas.newest();
    ImageRequest request = request(ImageKind.LAMBDA).withJava(java).withArchiveJava(java);
    if (Javas.version(java) < 19) {
      assertThatThrownBy(() -> push(request, "archived"))
          .isInstanceOf(PipelineException.class)
          .hasMessageContaining("makes no archives that can be moved into an image");
      return;
    }
    BuiltImage image = push(request, "archived");
    JsonNode config = registry.unpack("archived", image.digest(), directory).path("config");
    List<String> command = new ArrayList<>();
    config.path("Entrypoint").forEach(word -> command.add(unpacked(word.asText())));
    assertThat(command)
        .contains("-XX:SharedArchiveFile=" + directory + "/opt/dynapipe/function.jsa");
    // It ends when the archive does not fit, where an image starts without.
    command.set(command.indexOf("-Xshare:auto"), "-Xshare:on");
    command.add(config.path("Cmd").get(0).asText());
    try (EmbeddedServer server = EmbeddedServer.start("target")) {
      assertThat(invoke(command, server.url("target"))).isEqualTo("{\"batchItemFailures\":[]}");
    }
  }

  @Test
  void runsTheProgramThatWasPushedAndPulled() throws Exception {
    BuiltImage image = push(ImageKind.SERVICE, "program");
    JsonNode config = registry.unpack("program", image.digest(), directory).path("config");

    List<String> command = new ArrayList<>();
    config.path("Entrypoint").forEach(word -> command.add(unpacked(word.asText())));
    command.add("--version");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(out).startsWith("dynapipe ");
    assertThat(config.path("WorkingDir").asText()).isEqualTo("/var/lib/dynapipe");
  }

  @Test
  void makesTheSameImageOfTheSameJars() {
    ImageTarget.Tar first = new ImageTarget.Tar(directory.resolve("1.tar"), "dynapipe-lambda");
    ImageTarget.Tar second = new ImageTarget.Tar(directory.resolve("2.tar"), "dynapipe-lambda");

    BuiltImage one = builder.build(request(ImageKind.LAMBDA), first);
    BuiltImage two = builder.build(request(ImageKind.LAMBDA), second);

    assertThat(one.digest()).isEqualTo(two.digest());
    assertThat(first.file()).hasSameBinaryContentAs(second.file());
    assertThat(first.file().toFile().length()).isLessThan(15_000_000);
  }

  @Test
  void buildsOnABaseFromAFile() {
    Path base = directory.resolve("base.tar");
    builder.build(request(ImageKind.LAMBDA), new ImageTarget.Tar(base, "base"));

    BuiltImage image =
        builder.build(
            request(ImageKind.LAMBDA).withBase("tar:" + base),
            new ImageTarget.Tar(directory.resolve("image.tar"), "dynapipe-lambda"));

    assertThat(image.digest()).startsWith("sha256:");
  }

  @Test
  void tellsThatARegistryRefuses() {
    ImageTarget wrong =
        new ImageTarget.Registry(registry.host() + "/x:1", "AWS", Secret.of("wrong"));

    assertThatThrownBy(() -> builder.build(request(ImageKind.LAMBDA), wrong))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("cannot be built or pushed")
        .hasMessageContaining("Unauthorized");
  }

  private static ImageRequest request(ImageKind kind) {
    return ImageRequest.of(kind).withBase("scratch").withJava(JAVA);
  }

  private BuiltImage push(ImageKind kind, String repository) {
    return push(request(kind), repository);
  }

  private BuiltImage push(ImageRequest request, String repository) {
    BuiltImage image =
        builder.build(
            request,
            new ImageTarget.Registry(
                registry.host() + "/" + repository + ":latest",
                DockerRegistry.USER,
                Secret.of(DockerRegistry.TOKEN)));
    assertThat(image.pinned()).startsWith(registry.host() + "/" + repository + "@sha256:");
    return image;
  }

  /** Where a path of the image lies, now that its layers are unpacked. */
  private String unpacked(String word) {
    return word.replace("/var/task/", directory + "/var/task/")
        .replace("/opt/dynapipe/", directory + "/opt/dynapipe/");
  }

  /** Starts the function and gives it one event over Lambda's runtime API. */
  private String invoke(List<String> command, String sink) throws Exception {
    BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    HttpServer api =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    BlockingQueue<String> events = new LinkedBlockingQueue<>(List.of(event()));
    var threads = Executors.newCachedThreadPool();
    api.setExecutor(threads);
    api.createContext("/2018-06-01/runtime/invocation/next", exchange -> give(exchange, events));
    api.createContext("/2018-06-01/runtime/", exchange -> answers.add(take(exchange)));
    api.start();
    ProcessBuilder start =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("function.log").toFile());
    start.environment().put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + api.getAddress().getPort());
    start.environment().put("_HANDLER", command.get(command.size() - 1));
    start.environment().put("DYNAPIPE_SINK", sink);
    start.environment().put("USE_BATCH_PROCESSING", "true");
    Process function = start.start();
    try {
      String answer = answers.poll(60, TimeUnit.SECONDS);
      return answer == null ? Files.readString(directory.resolve("function.log")) : answer;
    } finally {
      function.destroyForcibly().waitFor();
      api.stop(0);
      threads.shutdownNow();
    }
  }

  private static void give(HttpExchange exchange, BlockingQueue<String> events) throws IOException {
    try {
      byte[] event = events.take().getBytes(UTF_8);
      // Without a type AWS's client ends by a segmentation fault.
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", "request-1");
      exchange
          .getResponseHeaders()
          .add("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 60_000));
      exchange
          .getResponseHeaders()
          .add(
              "Lambda-Runtime-Invoked-Function-Arn",
              "arn:aws:lambda:us-east-1:123456789012:function:shop");
      exchange.sendResponseHeaders(200, event.length);
      exchange.getResponseBody().write(event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private static String take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(202, -1);
    exchange.close();
    String path = exchange.getRequestURI().getPath();
    return path.endsWith("/response") ? body : path + " " + body;
  }

  private static String event() {
    return "{\"Records\":[" + record(1, TABLE) + "," + record(2, MESSAGE) + "]}";
  }

  private static String record(int number, String message) {
    return """
    {"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"public.foo","sequenceNumber":"%d",\
    "data":"%s","approximateArrivalTimestamp":1545084650.987},"eventSource":"aws:kinesis",\
    "eventVersion":"1.0","eventID":"shardId-000000000000:%d","awsRegion":"us-east-1",\
    "eventName":"aws:kinesis:record",\
    "eventSourceARN":"arn:aws:kinesis:us-east-1:123456789012:stream/shop"}\
    """
        .formatted(number, Base64.getEncoder().encodeToString(message.getBytes(UTF_8)), number);
  }

  private static List<String> names(EmbeddedServer server) throws Exception {
    List<String> names = new ArrayList<>();
    String url = server.url("target").replaceFirst("postgresql://([^@]*)@", "jdbc:postgresql://");
    try (var connection = DriverManager.getConnection(url, "postgres", "");
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT data->>'name' FROM public.foo")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }
}
