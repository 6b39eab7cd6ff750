package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.service.ApiClient.Reply;
import io.dynapipe.sink.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that no client would send: each is answered with a fault, never with a defect. */
final class FuzzTest {

  private static final int REQUESTS = 10_000;

  private static final List<String> OPERATIONS =
      List.of(
          "CreateEndpoint ModifyEndpoint DeleteEndpoint DescribeEndpoints TestConnection",
          "CreateReplicationTask StartReplicationTask DescribeReplicationTasks ReloadTables",
          "CreateReplicationInstance ModifyReplicationInstance DescribeReplicationInstances",
          "CreateReplicationSubnetGroup DescribeEvents AddTagsToResource ListTagsForResource",
          "CreateReplicationConfig StartReplication DescribeReplications ImportCertificate",
          "DescribeEndpointSettings DescribeSchemas RefreshSchemas DescribeTableStatistics",
          "DescribeAccountAttributes DescribeEngineVersions DescribeConnections");

  private static final List<String> LOG_OPERATIONS =
      List.of("DescribeLogGroups", "DescribeLogStreams", "GetLogEvents", "FilterLogEvents");

  private static final List<String> MEMBERS =
      List.of(
          "EndpointIdentifier",
          "EndpointType",
          "EngineName",
          "EndpointArn",
          "Filters",
          "Marker",
          "MaxRecords",
          "Tags",
          "TagKeys",
          "ResourceArn",
          "ResourceArnList",
          "KinesisSettings",
          "PostgreSQLSettings",
          "ReplicationInstanceArn",
          "ReplicationInstanceClass",
          "ReplicationInstanceIdentifier",
          "ReplicationTaskArn",
          "TableMappings",
          "Port",
          "ReplicationTaskSettings",
          "MigrationType",
          "SubnetIds",
          "ComputeConfig",
          "StartTime",
          "Duration",
          "CertificatePem",
          "CertificateIdentifier",
          "TablesToReload",
          "nextToken",
          "logGroupName",
          "logStreamName",
          "limit",
          "startTime",
          "filterPattern",
          "ReplicationSubnetGroupIdentifier",
          "ReplicationSubnetGroupDescription");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "9e99",
          "1e400",
          "123456789012345678901234567890",
          "\"\"",
          "\" \"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"a\"",
          "\"source\"",
          "\"postgres\"",
          "\"kinesis\"",
          "\"arn:aws:dms:us-east-1:000000000000:rep:LOCAL\"",
          "\"{\\\"rules\\\":[]}\"",
          "\"{\\\"rules\\\":{}}\"",
          "[]",
          "[null]",
          "[{}]",
          "[[]]",
          "[\"x\"]",
          "{}",
          "{\"a\":{}}",
          "[{\"Name\":null,\"Values\":null}]",
          "[{\"Name\":\"endpoint-arn\",\"Values\":[1]}]",
          "[{\"Name\":\"endpoint-id\"}]",
          "[{\"Key\":7}]",
          "\"dms.t3.medium\"",
          "{\"MaxCapacityUnits\":\"x\"}",
          "\"f/00\"",
          "\"{ $.x = 1 }\"",
          "\"%(%\"",
          "\"full-load\"");

  private final Random random = new Random(20_261_122);

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  @Test
  void neverMeetsADefect(@TempDir Path state) throws IOException {
    try (Service service =
            new Service(
                new ServiceSettings(
                    state,
                    SinkUrl.parse("postgresql://me@127.0.0.1:1/nowhere", Map.of()),
                    Layout.DOCUMENT,
                    ServiceSettings.LOCAL_ACCOUNT,
                    "127.0.0.1",
                    0));
        PlainConnection client = new PlainConnection(service.port())) {
      for (int i = 0; i < REQUESTS; i++) {
        String target = target();
        byte[] body = body();
        Reply reply = client.send(target, body);
        assertThat(reply.status())
            .as(
                "request %d: %s %s gave %s",
                i, target, new String(body, StandardCharsets.UTF_8), reply.body())
            .isIn(200, 400, 403, 413, 503);
        if (reply.status() != 200) {
          assertThat(reply.fault()).isNotEmpty();
        }
      }
      ApiClient after = new ApiClient(service.port());
      assertThat(after.dms("DescribeReplicationInstances", "{}").status()).isEqualTo(200);
    }
  }

  private String target() {
    return switch (random.nextInt(20)) {
      case 0 -> "AmazonDMSv20160101.Nothing";
      case 1 -> "Nothing";
      case 2, 3 -> "Logs_20140328." + any(LOG_OPERATIONS);
      default -> "AmazonDMSv20160101." + any(List.of(any(OPERATIONS).split(" ")));
    };
  }

  private byte[] body() {
    StringBuilder json = new StringBuilder("{");
    for (int i = random.nextInt(7); i > 0; i--) {
      json.append('"').append(any(MEMBERS)).append("\":").append(any(VALUES));
      json.append(i > 1 ? "," : "");
    }
    byte[] body = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(5) == 0) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
    }
    return body;
  }
}
