package io.dynapipe.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The assembled function as Lambda starts it: its jars and AWS's runtime interface client in a JVM
 * of their own, with the runtime API as their only door.
 */
class AwsRuntimeIT {

  private static final int RECORDS = 1_000;
  private static final String ALL_APPLIED = "{\"batchItemFailures\":[]}";

  private static EmbeddedPostgres server;

  @TempDir Path directory;
  private RuntimeApi api;
  private Process function;

  @BeforeAll
  static void startServer() throws IOException {
    server = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (function != null) {
      function.destroyForcibly().waitFor();
    }
    if (api != null) {
      api.close();
    }
  }

  @Test
  void appliesAThousandRecords() throws Exception {
    start(server.getPort());

    assertThat(api.invoke(event("success", -1))).as(output()).isEqualTo(ALL_APPLIED);

    assertThat(rows("success")).isEqualTo(RECORDS - 1);
    assertThat(output()).contains("\"message\":\"batch applied\"").contains("\"records\":1000");
  }

  @Test
  void setsTheFirstRecordAsideWhenItIsBad() throws Exception {
    start(server.getPort());
    String create = KinesisEvent.of(1, new Messages("first").create()).toString();
    assertThat(api.invoke(create)).as(output()).isEqualTo(ALL_APPLIED);

    assertThat(api.invoke(event("first", 0))).isEqualTo(ALL_APPLIED);

    assertThat(rows("first")).isEqualTo(RECORDS - 1);
    assertThat(output()).contains("\"unreadable\":1");
  }

  @Test
  void setsARecordInTheMiddleAsideWhenItIsBad() throws Exception {
    start(server.getPort());

    assertThat(api.invoke(event("middle", 500))).as(output()).isEqualTo(ALL_APPLIED);

    assertThat(rows("middle")).isEqualTo(RECORDS - 2);
  }

  @Test
  void namesTheFirstRecordWhileTheSinkIsDown() throws Exception {
    int port = freePort();
    start(port);
    String failed =
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"" + KinesisEvent.sequenceNumber(1) + "\"}]}";

    assertThat(api.invoke(event("down", -1))).as(output()).isEqualTo(failed);
    assertThat(output()).contains("\"level\":\"ERROR\"");

    try (EmbeddedPostgres late = EmbeddedPostgres.builder().setPort(port).start()) {
      assertThat(api.invoke(event("down", -1))).isEqualTo(ALL_APPLIED);
      assertThat(rows(late, "down")).isEqualTo(RECORDS - 1);
    }
  }

  private void start(int port) throws IOException {
    api = new RuntimeApi();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-cp",
            assembledJars() + "/*" + File.pathSeparator + runtimeClient(),
            "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
            "io.dynapipe.lambda.KinesisHandler::handleRequest");
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_LAMBDA_RUNTIME_API", api.address(),
                "AWS_LAMBDA_FUNCTION_NAME", "dynapipe",
                "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
                "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/dynapipe",
                "AWS_LAMBDA_LOG_STREAM_NAME", "test",
                "DYNAPIPE_SINK", "postgresql://postgres@127.0.0.1:" + port + "/postgres",
                "DYNAPIPE_RETRY_LIMIT", "200ms",
                "USE_BATCH_PROCESSING", "true"));
    function =
        builder
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("function.log").toFile())
            .start();
  }

  private static Path assembledJars() {
    Path lib = Path.of("target", "lambda", "lib");
    assertThat(lib).isDirectoryContaining("glob:**/dynapipe-lambda*.jar");
    return lib;
  }

  /** In Lambda it comes with the runtime, and in an image with the base image. */
  private static String runtimeClient() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(jar -> jar.contains("aws-lambda-java-runtime") || jar.contains("lambda-java-ser"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String event(String table, int bad) {
    Messages messages = new Messages(table);
    String[] records = new String[RECORDS];
    for (int i = 0; i < RECORDS; i++) {
      records[i] = i == 0 ? messages.create() : messages.insert(i, "name " + i);
    }
    if (bad >= 0) {
      records[bad] = "{\"no\":\"event\"}";
    }
    return KinesisEvent.of(1, records).toString();
  }

  private String output() throws IOException {
    return Files.readString(directory.resolve("function.log"));
  }

  private static long rows(String table) throws Exception {
    return rows(server, table);
  }

  private static long rows(EmbeddedPostgres target, String table) throws Exception {
    try (Connection connection = target.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM public." + table)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
