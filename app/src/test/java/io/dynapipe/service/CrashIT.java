package io.dynapipe.service;

import io.dynapipe.demo.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is killed goes on where it was. {@code -Ddynapipe.kills=50} is the long run. */
final class CrashIT {

  private static final int KILLS = Integer.getInteger("dynapipe.kills", 5);
  private static final int ROWS_A_ROUND = 200;

  @TempDir private Path directory;

  private static String define(ServiceProcess service, EmbeddedServer server) {
    String source =
        service
            .ok(
                "CreateEndpoint",
                "{'EndpointIdentifier':'source','EndpointType':'source','EngineName':'postgres',"
                    + "'Username':'postgres','ServerName':'127.0.0.1','DatabaseName':'source',"
                    + "'Port':"
                    + server.port()
                    + "}")
            .at("/Endpoint/EndpointArn")
            .asText();
    String target =
        service
            .ok(
                "CreateEndpoint",
                "{'EndpointIdentifier':'target','EndpointType':'target','EngineName':'kinesis',"
                    + "'KinesisSettings':{'StreamArn':"
                    + "'arn:aws:kinesis:us-east-1:000000000000:stream/one',"
                    + "'ServiceAccessRoleArn':'arn:aws:iam::000000000000:role/any'}}")
            .at("/Endpoint/EndpointArn")
            .asText();
    return service
        .ok(
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
    EmbeddedServer server = EmbeddedServer.start("source", "target");
    // Each process lives for a moment: the second compiler would be of no use to it.
    ServiceProcess service =
        new ServiceProcess(
            directory.resolve("state"),
            server.url("target"),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC");
    try (server) {
      server.execute("source", "CREATE TABLE foo (id serial PRIMARY KEY, name text)");
      insert(server);
      service.start();
      String arn = define(service, server);
      service.ok(
          "StartReplication",
          "{'ReplicationConfigArn':'" + arn + "','StartReplicationType':'start-replication'}");
      for (int i = 0; i < KILLS; i++) {
        insert(server);
        service.kill();
        insert(server);
        service.start();
      }
      ServiceProcess.await("all rows", () -> rows(server) == ROWS_A_ROUND * (1 + 2L * KILLS));
      ServiceProcess.await(
          "running",
          () ->
              service
                  .ok("DescribeReplications", "{}")
                  .at("/Replications/0/Status")
                  .asText()
                  .equals("running"));
      service.ok("StopReplication", "{'ReplicationConfigArn':'" + arn + "'}");
    } finally {
      service.kill();
    }
  }

  private static void insert(EmbeddedServer server) {
    server.execute(
        "source",
        "INSERT INTO foo (name) SELECT 'n' || g FROM generate_series(1, " + ROWS_A_ROUND + ") g");
  }
}
