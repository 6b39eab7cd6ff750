package io.dynapipe.stream.kinesis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.StreamUrl;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The Kinesis emulator of the npm package kinesis-local, one for all tests of a run. */
public final class KinesisLocal {

  private static final String PACKAGE = "kinesis-local@0.6.2";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private static @Nullable URI endpoint;

  private KinesisLocal() {}

  /** Its address; the test is skipped where it can neither be found nor installed. */
  public static synchronized URI endpoint() throws Exception {
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    if (endpoint == null) {
      endpoint = start(folder());
    }
    return endpoint;
  }

  static KinesisUrl url(URI endpoint, String stream, String options) {
    String text = "kinesis://us-east-1/" + stream + "?endpoint=" + endpoint + options;
    return (KinesisUrl) StreamUrl.parse(text);
  }

  private static Path folder() throws Exception {
    Path prefix = Path.of("..", "target", "npm").toAbsolutePath().normalize();
    Path folder = prefix.resolve("node_modules/kinesis-local");
    Files.createDirectories(prefix);
    try (FileChannel file =
            FileChannel.open(
                prefix.resolve("dynapipe.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      assumeTrue(lock.isValid());
      if (!Files.exists(folder.resolve("main.js"))) {
        assumeTrue(
            runs(
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--prefix",
                prefix.toString(),
                PACKAGE),
            "npm cannot install " + PACKAGE + ", which is the Kinesis of this test");
      }
    }
    assumeTrue(runs("node", "--version"), "node is missing, which runs the Kinesis of this test");
    return folder;
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      return process.waitFor(3, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static URI start(Path folder) throws Exception {
    int port = freePort();
    // It reads its certificate from the working directory.
    ProcessBuilder builder = new ProcessBuilder("node", "main.js").directory(folder.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "KINESIS_MOCK_PLAIN_PORT", Integer.toString(port),
                "KINESIS_MOCK_TLS_PORT", Integer.toString(freePort()),
                "SHARD_LIMIT", "500",
                "ON_DEMAND_STREAM_COUNT_LIMIT", "50",
                "CREATE_STREAM_DURATION", "50ms",
                "SPLIT_SHARD_DURATION", "50ms",
                "MERGE_SHARDS_DURATION", "50ms",
                "REGISTER_STREAM_CONSUMER_DURATION", "50ms",
                "LOG_LEVEL", "WARN"));
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target", "kinesis-local.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop kinesis-local"));
    URI address = URI.create("http://127.0.0.1:" + port);
    awaitAnswer(address.resolve("/healthcheck"), process);
    return address;
  }

  static void awaitAnswer(URI address, Process process) throws InterruptedException {
    Instant limit = Instant.now().plus(START_LIMIT);
    while (!answers(address)) {
      if (!process.isAlive() || Instant.now().isAfter(limit)) {
        throw new IllegalStateException("no answer from " + address + ": " + process.info());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static boolean answers(URI address) {
    try {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
      return List.of(200, 404, 405).contains(connection.getResponseCode());
    } catch (IOException e) {
      return false;
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
