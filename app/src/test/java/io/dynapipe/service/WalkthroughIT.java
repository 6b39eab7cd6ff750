package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.demo.EmbeddedServer;
import io.dynapipe.sink.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as people drive it: with boto3 and the aws command line, on real databases. */
final class WalkthroughIT {

  @TempDir private static Path directory;
  private static EmbeddedServer server;
  private static Service service;

  @BeforeAll
  static void open() {
    server = EmbeddedServer.start("source", "target");
    server.execute(
        "source",
        "CREATE TABLE foo (id int PRIMARY KEY, name text)",
        "INSERT INTO foo SELECT g, 'name ' || g FROM generate_series(1, 1000) g");
    service =
        new Service(
            new ServiceSettings(
                directory.resolve("state"),
                SinkUrl.parse(server.url("target"), Map.of()),
                Layout.DOCUMENT,
                ServiceSettings.LOCAL_ACCOUNT,
                "127.0.0.1",
                0));
  }

  @AfterAll
  static void close() {
    service.close();
    server.close();
  }

  private static String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("AWS_ACCESS_KEY_ID", "any");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "any");
    builder.environment().put("AWS_DEFAULT_REGION", "us-east-1");
    Path output = Files.createTempFile(directory, "output", ".txt");
    Process process = builder.redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("%s ends", command[0]).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(process.exitValue()).as("%s says:\n%s", String.join(" ", command), text).isZero();
    return text;
  }

  private static boolean works(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Path resource(String name) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream source = WalkthroughIT.class.getResourceAsStream(name)) {
      Files.write(file, Objects.requireNonNull(source).readAllBytes());
    }
    return file;
  }

  @Test
  void livesThroughBoto3() throws IOException, InterruptedException, SQLException {
    assumeTrue(works("python3", "-c", "import boto3"), "needs python3 with boto3");
    String output =
        run(
            "python3",
            resource("walkthrough.py").toString(),
            Integer.toString(service.port()),
            Integer.toString(server.port()));
    assertThat(output.strip()).isEqualTo("done");
    try (Connection target =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/target", "postgres", "");
        Statement statement = target.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM public.foo")) {
      rows.next();
      assertThat(rows.getLong(1)).isEqualTo(1000);
    }
    try (Connection source =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/source", "postgres", "");
        Statement statement = source.createStatement();
        ResultSet slots = statement.executeQuery("SELECT slot_name FROM pg_replication_slots")) {
      assertThat(slots.next()).as("a slot is left").isFalse();
    }
  }

  @Test
  void answersInTheShapesOfTheModels() throws IOException, InterruptedException {
    assumeTrue(works("python3", "-c", "import boto3"), "needs python3 with boto3");
    String output =
        run(
            "python3",
            resource("shapes.py").toString(),
            Integer.toString(service.port()),
            Integer.toString(server.port()));
    assertThat(output).startsWith("done");
  }

  @Test
  void livesThroughTheAwsCommandLine() throws IOException, InterruptedException {
    assumeTrue(works("aws", "--version"), "needs the aws command line");
    assumeTrue(works("jq", "--version"), "needs jq");
    String output =
        run(
            "bash",
            resource("walkthrough.sh").toString(),
            "http://localhost:" + service.port(),
            Integer.toString(server.port()));
    assertThat(output.strip()).endsWith("done");
  }
}
