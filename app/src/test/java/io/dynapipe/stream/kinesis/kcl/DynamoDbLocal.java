package io.dynapipe.stream.kinesis.kcl;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** DynamoDB Local in a process of its own, one for all tests of a run. */
public final class DynamoDbLocal {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private static @Nullable URI endpoint;

  private DynamoDbLocal() {}

  /** Its address; the test is skipped where it cannot be installed. */
  public static synchronized URI endpoint() throws Exception {
    if (endpoint == null) {
      endpoint = start(folder());
    }
    return endpoint;
  }

  private static Path folder() throws Exception {
    Path target = Path.of("..", "target").toAbsolutePath().normalize();
    Path folder = target.resolve("dynamodb-local");
    Files.createDirectories(target);
    try (FileChannel file =
            FileChannel.open(
                target.resolve("dynamodb-local.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      assumeTrue(lock.isValid());
      if (!Files.exists(folder.resolve("complete"))) {
        assumeTrue(install(folder), "Maven cannot install DynamoDB Local for this test");
        Files.createFile(folder.resolve("complete"));
      }
    }
    return folder;
  }

  private static boolean install(Path folder) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(
                  "mvn",
                  "-q",
                  "-B",
                  "-f",
                  Path.of("src", "test", "dynamodb-local", "pom.xml").toString(),
                  "dependency:copy-dependencies",
                  "-DincludeScope=runtime",
                  "-DoutputDirectory=" + folder)
              .redirectErrorStream(true)
              .redirectOutput(Path.of("target", "dynamodb-local-install.log").toFile())
              .start();
      process.getOutputStream().close();
      return process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static URI start(Path folder) throws Exception {
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-Dsqlite4java.library.path=" + folder,
            "-cp",
            folder + "/*",
            "software.amazon.dynamodb.services.local.main.ServerRunner",
            "-inMemory",
            "-disableTelemetry",
            "-port",
            Integer.toString(port)));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target", "dynamodb-local.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop dynamodb-local"));
    URI address = URI.create("http://127.0.0.1:" + port);
    Instant limit = Instant.now().plus(START_LIMIT);
    while (!answers(address)) {
      if (!process.isAlive() || Instant.now().isAfter(limit)) {
        throw new IllegalStateException("no answer from " + address + ": " + process.info());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return address;
  }

  /** Anything but a shell's page is refused, which is an answer. */
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
