package io.dynapipe.service.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.service.aws.AwsApi;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.engine.Sample;
import io.dynapipe.service.engine.TableFigures;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.metrics.Health;
import io.dynapipe.service.state.Account;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the console shows, made of the answers of the DMS API. Thread-safe. */
final class Overview {

  private final AwsApi dms;
  private final TaskEngine engine;
  private final Health health;

  Overview(AwsApi dms, TaskEngine engine, Health health) {
    this.dms = dms;
    this.engine = engine;
    this.health = health;
  }

  /** Everything but what belongs to one chosen task. */
  ObjectNode document() {
    ObjectNode document = Json.object();
    document.set("health", health.check());
    Map<String, JsonNode> endpoints = new HashMap<>();
    ArrayNode shown = document.putArray("endpoints");
    Map<String, JsonNode> tested = new HashMap<>();
    all("DescribeConnections", "Connections")
        .forEach(connection -> tested.put(text(connection, "EndpointArn"), connection));
    for (JsonNode endpoint : all("DescribeEndpoints", "Endpoints")) {
      endpoints.put(text(endpoint, "EndpointArn"), endpoint);
      shown.add(endpoint(endpoint, tested.get(text(endpoint, "EndpointArn"))));
    }
    ArrayNode tasks = document.putArray("tasks");
    for (JsonNode task : all("DescribeReplicationTasks", "ReplicationTasks")) {
      tasks.add(task(task, endpoints));
    }
    for (JsonNode replication : all("DescribeReplications", "Replications")) {
      tasks.add(replication(replication, endpoints));
    }
    document.put(
        "instance",
        all("DescribeReplicationInstances", "ReplicationInstances").stream()
            .map(instance -> text(instance, "ReplicationInstanceArn"))
            .findFirst()
            .orElse(""));
    return document;
  }

  private List<JsonNode> all(String operation, String member) {
    List<JsonNode> all = new java.util.ArrayList<>();
    ObjectNode request = Json.object().put("MaxRecords", 100);
    if (operation.equals("DescribeReplicationTasks")) {
      request.put("WithoutSettings", true);
    }
    while (true) {
      ObjectNode answer = dms.call(operation, request);
      answer.path(member).forEach(all::add);
      if (!answer.hasNonNull("Marker")) {
        return all;
      }
      request.set("Marker", answer.get("Marker"));
    }
  }

  private static String text(JsonNode node, String member) {
    return node.path(member).asText();
  }

  private static ObjectNode endpoint(
      JsonNode endpoint, @org.jspecify.annotations.Nullable JsonNode test) {
    ObjectNode shown = Json.object();
    shown.put("arn", text(endpoint, "EndpointArn"));
    shown.put("name", text(endpoint, "EndpointIdentifier"));
    shown.put("type", text(endpoint, "EndpointType"));
    shown.put("where", where(endpoint));
    shown.put("tested", test == null ? "" : text(test, "Status"));
    shown.put("failure", test == null ? "" : text(test, "LastFailureMessage"));
    return shown;
  }

  private static String where(JsonNode endpoint) {
    return endpoint.has("KinesisSettings")
        ? text(endpoint.path("KinesisSettings"), "StreamArn")
        : text(endpoint, "EngineName")
            + " "
            + text(endpoint, "ServerName")
            + ":"
            + text(endpoint, "Port")
            + "/"
            + text(endpoint, "DatabaseName");
  }

  private static ObjectNode task(JsonNode task, Map<String, JsonNode> endpoints) {
    ObjectNode shown = common(task, "ReplicationTask", endpoints);
    shown.put("type", text(task, "MigrationType"));
    shown.put("serverless", false);
    shown.put("failure", text(task, "LastFailureMessage"));
    progress(shown, task.path("ReplicationTaskStats"));
    return shown;
  }

  private static ObjectNode replication(JsonNode run, Map<String, JsonNode> endpoints) {
    ObjectNode shown = common(run, "ReplicationConfig", endpoints);
    shown.put("type", text(run, "ReplicationType"));
    shown.put("serverless", true);
    shown.put("failure", run.path("FailureMessages").path(0).asText());
    progress(shown, run.path("ReplicationStats"));
    return shown;
  }

  private static ObjectNode common(JsonNode task, String prefix, Map<String, JsonNode> endpoints) {
    ObjectNode shown = Json.object();
    shown.put("arn", text(task, prefix + "Arn"));
    shown.put("name", text(task, prefix + "Identifier"));
    shown.put("status", text(task, "Status"));
    shown.put("stopReason", text(task, "StopReason"));
    JsonNode source = endpoints.get(text(task, "SourceEndpointArn"));
    JsonNode target = endpoints.get(text(task, "TargetEndpointArn"));
    shown.put("source", source == null ? "" : text(source, "EndpointIdentifier"));
    shown.put("stream", target == null ? "" : where(target).replaceFirst(".*/", ""));
    return shown;
  }

  private static void progress(ObjectNode shown, JsonNode stats) {
    shown.put("hasRun", stats.has("StartDate"));
    shown.put("progress", stats.path("FullLoadProgressPercent").asInt());
    shown.put("tablesLoaded", stats.path("TablesLoaded").asInt());
    shown.put(
        "tables",
        stats.path("TablesLoaded").asInt()
            + stats.path("TablesLoading").asInt()
            + stats.path("TablesQueued").asInt());
  }

  /** The tables of a task. */
  ArrayNode tables(String arn) {
    ArrayNode tables = Json.object().putArray("tables");
    for (TableFigures table : engine.figures(Account.resourceId(arn))) {
      TableCounts captured = table.captured();
      TableCounts applied = table.applied();
      ObjectNode one = tables.addObject();
      one.put("schema", table.table().schema());
      one.put("name", table.table().name());
      one.put("state", table.state().toString());
      one.put("read", captured.loads());
      one.put("loaded", applied.loads());
      one.put("inserts", captured.inserts());
      one.put("appliedInserts", applied.inserts());
      one.put("updates", captured.updates());
      one.put("appliedUpdates", applied.updates());
      one.put("deletes", captured.deletes());
      one.put("appliedDeletes", applied.deletes());
      one.put("ddls", captured.tableChanges());
      one.put("appliedDdls", applied.tableChanges());
      one.put("quarantined", applied.quarantined());
    }
    return tables;
  }

  /** What was measured of a task after a moment. */
  ArrayNode samples(List<Sample> samples) {
    ArrayNode shown = Json.object().putArray("samples");
    for (Sample sample : samples) {
      ObjectNode one = shown.addObject();
      one.put("time", sample.millis());
      one.put("captured", sample.captured());
      one.put("applied", sample.applied() + sample.loaded());
      one.put("latencySource", sample.latencySource());
      one.put("latencyTarget", sample.latencyTarget());
      one.put("waiting", sample.waiting());
    }
    return shown;
  }
}
