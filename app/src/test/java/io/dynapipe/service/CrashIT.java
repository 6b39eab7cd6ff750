package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.demo.EmbeddedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is killed goes on where it was, again and again. */
final class CrashIT {

  private static final int KILLS = 5;
  private static final int ROWS_A_ROUND = 200;

  @TempDir private Path directory;
  private Process process;
  private ApiClient client;

  private void start(EmbeddedServer server) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.dynapipe.cli.Main",
                "serve",
                "--port",
                "0",
                "--state",
                directory.resolve("state").toString(),
                "--sink",
                server.url("target"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains("http://localhost:")) {
        client = new ApiClient(Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
        return;
      }
    }
    throw new IllegalStateException("the service ended with " + process.exitValue());
  }

  private void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  private JsonNode ok(String operation, String json) {
    ApiClient.Reply reply = client.dms(operation, json);
    assertThat(reply.status()).as("%s: %s", operation, reply.body()).isEqualTo(200);
    return reply.body();
  }

  private String define(EmbeddedServer server) {
    String source =
        ok(
                "CreateEndpoint",
                "{'EndpointIdentifier':'source','EndpointType':'source','EngineName':'postgres',"
                    + "'Username':'postgres','ServerName':'127.0.0.1','DatabaseName':'source',"
                    + "'Port':"
                    + server.port()
                    + "}")
            .at("/Endpoint/EndpointArn")
            .asText();
    String target =
        ok(
                "CreateEndpoint",
                "{'EndpointIdentifier':'target','EndpointType':'target','EngineName':'kinesis',"
                    + "'KinesisSettings':{'StreamArn':"
                    + "'arn:aws:kinesis:us-east-1:000000000000:stream/one',"
                    + "'ServiceAccessRoleArn':'arn:aws:iam::000000000000:role/any'}}")
            .at("/Endpoint/EndpointArn")
            .asText();
    return ok(
            "CreateReplicationConfig",
            "{'ReplicationConfigIdentifier':'lasting','SourceEndpointArn':'"
                + source
                + "','TargetEndpointArn':'"
                + target
                + "','ReplicationType':'full-load-and-cdc','ComputeConfig':{'MaxCapacityUnits':1},"
                + "'TableMappings':'{\\'rules\\':[{\\'rule-type\\':\\'selection\\',\\'rule-id\\':"
                + "\\'1\\',\\'rule-name\\':\\'1\\',\\'rule-action\\':\\'include\\',"
                + "\\'object-locator\\':{\\'schema-name\\':\\'public\\',\\'table-name\\':"
                + "\\'%\\'}}]}'}")
        .at("/ReplicationConfig/ReplicationConfigArn")
        .asText();
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("waiting for %s", what).isNegative();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static long rows(EmbeddedServer server) {
    try (Connection target =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/target", "postgres", "");
        Statement statement = target.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM public.foo")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      return 0;
    }
  }

  @Test
  void runsAgainWhatRanWhenItWasKilled() throws IOException, InterruptedException {
    try (EmbeddedServer server = EmbeddedServer.start("source", "target")) {
      server.execute("source", "CREATE TABLE foo (id serial PRIMARY KEY, name text)");
      insert(server);
      start(server);
      String arn = define(server);
      ok(
          "StartReplication",
          "{'ReplicationConfigArn':'" + arn + "','StartReplicationType':'start-replication'}");
      for (int i = 0; i < KILLS; i++) {
        insert(server);
        kill();
        insert(server);
        start(server);
      }
      await("all rows", () -> rows(server) == ROWS_A_ROUND * (1 + 2L * KILLS));
      await(
          "running",
          () ->
              ok("DescribeReplications", "{}")
                  .at("/Replications/0/Status")
                  .asText()
                  .equals("running"));
      ok("StopReplication", "{'ReplicationConfigArn':'" + arn + "'}");
    } finally {
      kill();
    }
  }

  private static void insert(EmbeddedServer server) {
    server.execute(
        "source",
        "INSERT INTO foo (name) SELECT 'n' || g FROM generate_series(1, " + ROWS_A_ROUND + ") g");
  }
}
