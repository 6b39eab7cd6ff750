package io.dynapipe.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.deploy.aws.AwsException;
import io.dynapipe.deploy.aws.AwsService;
import io.dynapipe.error.PipelineException;
import java.util.Optional;
import java.util.Set;

/** The replication of a stack in AWS DMS: a task on an instance, or a serverless one. */
final class Replication {

  static final String START = "start-replication";
  static final String RESUME = "resume-processing";
  static final String RELOAD = "reload-target";

  private static final Set<String> AT_REST =
      Set.of("ready", "created", "stopped", "failed", "failed-move");

  private final AwsClient aws;
  private final boolean serverless;
  private final JsonNode described;

  private Replication(AwsClient aws, boolean serverless, JsonNode described) {
    this.aws = aws;
    this.serverless = serverless;
    this.described = described;
  }

  /** The stack's replication; empty when it has none. */
  static Optional<Replication> find(AwsClient aws, String stack) {
    Optional<Replication> task =
        describe(aws, "DescribeReplicationTasks", "replication-task-id", stack)
            .map(answer -> answer.path("ReplicationTasks").path(0))
            .map(node -> new Replication(aws, false, node));
    if (task.isPresent()) {
      return task;
    }
    return describe(aws, "DescribeReplicationConfigs", "replication-config-id", stack)
        .map(answer -> answer.path("ReplicationConfigs").path(0).path("ReplicationConfigArn"))
        .flatMap(
            arn ->
                describe(aws, "DescribeReplications", "replication-config-arn", arn.asText())
                    .map(answer -> answer.path("Replications").path(0)))
        .map(node -> new Replication(aws, true, node));
  }

  private static Optional<JsonNode> describe(
      AwsClient aws, String operation, String filter, String value) {
    ObjectNode input = AwsClient.object();
    ObjectNode only = input.withArray("Filters").addObject().put("Name", filter);
    only.withArray("Values").add(value);
    try {
      JsonNode answer = aws.json(AwsService.DMS, operation, input);
      boolean empty = answer.properties().stream().allMatch(member -> member.getValue().isEmpty());
      return empty ? Optional.empty() : Optional.of(answer);
    } catch (AwsException e) {
      if (e.is("ResourceNotFound")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  boolean isServerless() {
    return serverless;
  }

  String arn() {
    return described.path(serverless ? "ReplicationConfigArn" : "ReplicationTaskArn").asText();
  }

  String instanceArn() {
    return described.path("ReplicationInstanceArn").asText();
  }

  String sourceEndpointArn() {
    return described.path("SourceEndpointArn").asText();
  }

  String targetEndpointArn() {
    return described.path("TargetEndpointArn").asText();
  }

  /** DMS's word: {@code ready}, {@code running}, {@code stopped}, {@code failed} and others. */
  String status() {
    return described.path("Status").asText();
  }

  boolean isRunning() {
    return status().equals("running") || status().equals("starting");
  }

  boolean isAtRest() {
    return AT_REST.contains(status());
  }

  /** Whether it never ran. */
  boolean isNew() {
    return status().equals("ready") || status().equals("created");
  }

  /** Why it stopped or failed; possibly empty. */
  String trouble() {
    String failures =
        described.path("FailureMessages").isArray()
            ? described.path("FailureMessages").toString()
            : "";
    return (described.path("LastFailureMessage").asText("")
            + " "
            + described.path("StopReason").asText("")
            + (failures.equals("[]") ? "" : failures))
        .strip();
  }

  JsonNode statistics() {
    return described.path(serverless ? "ReplicationStats" : "ReplicationTaskStats");
  }

  /** Statistics of its tables. */
  JsonNode tables() {
    return serverless
        ? aws.json(
                AwsService.DMS,
                "DescribeReplicationTableStatistics",
                AwsClient.object().put("ReplicationConfigArn", arn()))
            .path("ReplicationTableStatistics")
        : aws.json(
                AwsService.DMS,
                "DescribeTableStatistics",
                AwsClient.object().put("ReplicationTaskArn", arn()))
            .path("TableStatistics");
  }

  /**
   * Lets AWS DMS connect to both ends; a serverless replication does so by itself.
   *
   * @throws PipelineException (environment) with DMS's words, when an end cannot be reached
   */
  void testEndpoints(Conversation talk) {
    if (serverless) {
      return;
    }
    for (String endpoint : new String[] {sourceEndpointArn(), targetEndpointArn()}) {
      ObjectNode input = AwsClient.object();
      input.put("ReplicationInstanceArn", instanceArn()).put("EndpointArn", endpoint);
      aws.json(AwsService.DMS, "TestConnection", input);
      JsonNode connection = new Waiting("the test of an endpoint").until(() -> tested(endpoint));
      String name = connection.path("EndpointIdentifier").asText();
      if (connection.path("Status").asText().equals("failed")) {
        throw PipelineException.environment(
            "AWS DMS cannot use the endpoint "
                + name
                + ": "
                + connection.path("LastFailureMessage").asText(),
            "Is the database up, does its security group let AWS DMS in, and are user and password"
                + " in its secret right? Then run 'up' again.",
            null);
      }
      talk.progress("  endpoint " + name + ": " + connection.path("Status").asText());
    }
  }

  private Optional<JsonNode> tested(String endpoint) {
    return describe(aws, "DescribeConnections", "endpoint-arn", endpoint)
        .map(answer -> answer.path("Connections").path(0))
        .filter(connection -> !connection.path("Status").asText().equals("testing"));
  }

  /**
   * Starts it.
   *
   * @param type {@link #START}, {@link #RESUME} or {@link #RELOAD}
   */
  void start(String type) {
    if (serverless) {
      aws.json(
          AwsService.DMS,
          "StartReplication",
          AwsClient.object().put("ReplicationConfigArn", arn()).put("StartReplicationType", type));
    } else {
      aws.json(
          AwsService.DMS,
          "StartReplicationTask",
          AwsClient.object()
              .put("ReplicationTaskArn", arn())
              .put("StartReplicationTaskType", type));
    }
  }

  void stop() {
    aws.json(
        AwsService.DMS,
        serverless ? "StopReplication" : "StopReplicationTask",
        AwsClient.object().put(serverless ? "ReplicationConfigArn" : "ReplicationTaskArn", arn()));
  }
}
