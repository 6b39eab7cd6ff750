package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.demo.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many tasks in one small service. {@code -Ddynapipe.scale=100} is the whole of it. */
final class ScaleIT {

  private static final int TASKS = Integer.getInteger("dynapipe.scale", 20);
  private static final int RUNNING = Math.max(2, TASKS / 10);
  private static final int ROWS = 5_000;
  private static final long MAX_MEMORY = 1_024;

  private static String mappings(int table) {
    return "{\\'rules\\':[{\\'rule-type\\':\\'selection\\',\\'rule-id\\':\\'1\\',\\'rule-name\\':"
        + "\\'1\\',\\'rule-action\\':\\'include\\',\\'object-locator\\':{\\'schema-name\\':"
        + "\\'public\\',\\'table-name\\':\\'t"
        + table
        + "\\'}}]}";
  }

  private static String target(ServiceProcess service, int number) {
    return service
        .ok(
            "CreateEndpoint",
            "{'EndpointIdentifier':'target-"
                + number
                + "','EndpointType':'target','EngineName':'kinesis','KinesisSettings':{'StreamArn':"
                + "'arn:aws:kinesis:us-east-1:000000000000:stream/s"
                + number
                + "','ServiceAccessRoleArn':'arn:aws:iam::000000000000:role/any'}}")
        .at("/Endpoint/EndpointArn")
        .asText();
  }

  private static List<String> define(ServiceProcess service, int port) {
    String source =
        service
            .ok(
                "CreateEndpoint",
                "{'EndpointIdentifier':'source','EndpointType':'source','EngineName':'postgres',"
                    + "'Username':'postgres','ServerName':'127.0.0.1','DatabaseName':'source',"
                    + "'Port':"
                    + port
                    + "}")
            .at("/Endpoint/EndpointArn")
            .asText();
    List<String> arns = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    for (int i = 0; i < RUNNING; i++) {
      targets.add(target(service, i));
    }
    for (int i = 0; i < TASKS; i++) {
      arns.add(
          service
              .ok(
                  "CreateReplicationConfig",
                  "{'ReplicationConfigIdentifier':'task-"
                      + i
                      + "','SourceEndpointArn':'"
                      + source
                      + "','TargetEndpointArn':'"
                      + targets.get(i % RUNNING)
                      + "','ReplicationType':'full-load-and-cdc','ComputeConfig':"
                      + "{'MaxCapacityUnits':1},'TableMappings':'"
                      + mappings(i % RUNNING)
                      + "'}")
              .at("/ReplicationConfig/ReplicationConfigArn")
              .asText());
    }
    return arns;
  }

  @Test
  void runsManyTasksInLittleMemory(@TempDir Path directory)
      throws IOException, InterruptedException {
    try (EmbeddedServer server = EmbeddedServer.start("source", "target")) {
      for (int i = 0; i < RUNNING; i++) {
        server.execute(
            "source", "CREATE TABLE t" + i + " (id serial PRIMARY KEY, name text)", insert(i));
      }
      ServiceProcess service =
          new ServiceProcess(directory.resolve("state"), server.url("target"), "-Xmx512m");
      service.start();
      try {
        List<String> arns = define(service, server.port());
        for (String arn : arns.subList(0, RUNNING)) {
          service.ok(
              "StartReplication",
              "{'ReplicationConfigArn':'" + arn + "','StartReplicationType':'start-replication'}");
        }
        for (int i = 0; i < RUNNING; i++) {
          applied(service, arns.get(i), "FullLoadRows");
          server.execute("source", insert(i));
        }
        for (int i = 0; i < RUNNING; i++) {
          applied(service, arns.get(i), "AppliedInserts");
        }
        assertThat(service.ok("DescribeReplications", "{'MaxRecords':100}").at("/Replications"))
            .hasSize(TASKS);
        long memory = service.peakMemory();
        System.out.printf("%d tasks, %d of them running: %d MiB at most%n", TASKS, RUNNING, memory);
        assertThat(memory).isLessThan(MAX_MEMORY);
      } finally {
        service.kill();
      }
    }
  }

  private static String insert(int table) {
    return "INSERT INTO t"
        + table
        + " (name) SELECT 'n' || g FROM generate_series(1, "
        + ROWS
        + ") g";
  }

  private static void applied(ServiceProcess service, String arn, String member)
      throws InterruptedException {
    ServiceProcess.await(
        member + " of " + arn,
        () -> {
          JsonNode statistics =
              service.ok(
                  "DescribeReplicationTableStatistics", "{'ReplicationConfigArn':'" + arn + "'}");
          return statistics.at("/ReplicationTableStatistics/0/" + member).asLong() == ROWS;
        });
  }
}
