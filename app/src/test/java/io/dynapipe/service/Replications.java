package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Serverless replications of a service under test: the shortest way to a task that runs. */
final class Replications {

  private static final JsonMapper MAPPER = new JsonMapper();

  private final ApiClient api;

  Replications(ApiClient api) {
    this.api = api;
  }

  JsonNode ok(String operation, String json) {
    ApiClient.Reply reply = api.dms(operation, json);
    assertThat(reply.status()).as("%s: %s", operation, reply.body()).isEqualTo(200);
    return reply.body();
  }

  private JsonNode ok(String operation, ObjectNode request) {
    return ok(operation, request.toString());
  }

  /** A source; settings are the JSON of PostgreSQLSettings. */
  String source(String name, int port, String settings) {
    ObjectNode request = MAPPER.createObjectNode();
    request.put("EndpointIdentifier", name + "-source");
    request.put("EndpointType", "source");
    request.put("EngineName", "postgres");
    request.put("Username", "postgres");
    request.put("ServerName", "127.0.0.1");
    request.put("DatabaseName", "source");
    request.put("Port", port);
    if (!settings.isEmpty()) {
      request.set("PostgreSQLSettings", json(settings));
    }
    return ok("CreateEndpoint", request).at("/Endpoint/EndpointArn").asText();
  }

  String target(String name, String streamArn) {
    ObjectNode request = MAPPER.createObjectNode();
    request.put("EndpointIdentifier", name + "-target");
    request.put("EndpointType", "target");
    request.put("EngineName", "kinesis");
    request
        .putObject("KinesisSettings")
        .put("StreamArn", streamArn)
        .put("ServiceAccessRoleArn", "arn:aws:iam::000000000000:role/any");
    return ok("CreateEndpoint", request).at("/Endpoint/EndpointArn").asText();
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  /** A replication from a source of its own into an embedded stream of its own. */
  String create(String name, int port, String type, String tables, String settings) {
    return create(
        name,
        source(name, port, ""),
        target(name, "arn:aws:kinesis:us-east-1:000000000000:stream/" + name),
        type,
        tables,
        settings);
  }

  String create(
      String name, String source, String target, String type, String tables, String settings) {
    ObjectNode mappings = MAPPER.createObjectNode();
    ObjectNode rule = mappings.putArray("rules").addObject();
    rule.put("rule-type", "selection");
    rule.put("rule-id", "1");
    rule.put("rule-name", "1");
    rule.put("rule-action", "include");
    rule.putObject("object-locator").put("schema-name", "public").put("table-name", tables);
    ObjectNode request = MAPPER.createObjectNode();
    request.put("ReplicationConfigIdentifier", name);
    request.put("SourceEndpointArn", source);
    request.put("TargetEndpointArn", target);
    request.put("ReplicationType", type);
    request.putObject("ComputeConfig").put("MaxCapacityUnits", 1);
    request.put("TableMappings", mappings.toString());
    if (!settings.isEmpty()) {
      request.put("ReplicationSettings", settings);
    }
    return ok("CreateReplicationConfig", request)
        .at("/ReplicationConfig/ReplicationConfigArn")
        .asText();
  }

  private static ObjectNode of(String config) {
    return MAPPER.createObjectNode().put("ReplicationConfigArn", config);
  }

  /** Starts it for the first time; {@code more} are members such as CdcStartPosition, as JSON. */
  ApiClient.Reply tryStart(String config, String type, String more) {
    ObjectNode request = of(config).put("StartReplicationType", type);
    if (!more.isEmpty()) {
      request.setAll((ObjectNode) json(more));
    }
    return api.dms("StartReplication", request.toString());
  }

  void start(String config, String more) throws InterruptedException {
    ApiClient.Reply reply = tryStart(config, "start-replication", more);
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
    await(
        () -> "a start of " + show(config),
        () -> !show(config).path("Status").asText().equals("initializing"));
  }

  void stop(String config) throws InterruptedException {
    ok("StopReplication", of(config));
    await(config, "stopped");
  }

  /** Deletes it, and returns when it has left its source. */
  void delete(String config) throws InterruptedException {
    ok("DeleteReplicationConfig", of(config));
    await(
        () -> "a deletion of " + config,
        () -> api.dms("DescribeReplicationTableStatistics", of(config).toString()).status() == 400);
  }

  /** As DescribeReplications has it. */
  JsonNode show(String config) {
    ObjectNode request = MAPPER.createObjectNode();
    ObjectNode filter = request.putArray("Filters").addObject();
    filter.put("Name", "replication-config-arn").putArray("Values").add(config);
    return ok("DescribeReplications", request).at("/Replications/0");
  }

  /** Statistics of the tables, by name. */
  List<JsonNode> tables(String config) {
    List<JsonNode> tables = new ArrayList<>();
    ok("DescribeReplicationTableStatistics", of(config))
        .path("ReplicationTableStatistics")
        .forEach(tables::add);
    return tables;
  }

  /** Statistics of the first table; of no member before there is one. */
  JsonNode table(String config) {
    List<JsonNode> tables = tables(config);
    return tables.isEmpty() ? MAPPER.createObjectNode() : tables.get(0);
  }

  List<String> logGroups() {
    List<String> names = new ArrayList<>();
    api.logs("DescribeLogGroups", "{}")
        .body()
        .path("logGroups")
        .forEach(group -> names.add(group.path("logGroupName").asText()));
    return names;
  }

  void await(String config, String status) throws InterruptedException {
    await(
        () -> status + ": " + show(config),
        () -> {
          String now = show(config).path("Status").asText();
          assertThat(now.equals("failed") && !status.equals("failed"))
              .as("%s", show(config))
              .isFalse();
          return now.equals(status);
        });
  }

  static void await(Supplier<String> what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("waiting for %s", what.get()).isNegative();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
