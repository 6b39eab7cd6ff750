package io.dynapipe.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.deploy.aws.AwsException;
import io.dynapipe.deploy.aws.AwsService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Logs of a pipeline's function, replication and database, in the order of time. One thread. */
public final class LogTail {

  /** A line of a log. */
  public record Line(Instant time, String group, String text) {}

  private final AwsClient aws;
  private final List<String> groups;
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Long> from = new HashMap<>();

  LogTail(AwsClient aws, String stack) {
    this.aws = aws;
    List<String> found = new ArrayList<>();
    for (String prefix :
        List.of(
            "/aws/lambda/" + stack,
            "dms-tasks-" + stack,
            "dms-serverless-replication-" + stack,
            "/aws/rds/instance/" + stack + "/postgresql")) {
      ObjectNode input = AwsClient.object().put("logGroupNamePrefix", prefix);
      aws.json(AwsService.LOGS, "DescribeLogGroups", input)
          .path("logGroups")
          .forEach(group -> found.add(group.path("logGroupName").asText()));
    }
    this.groups =
        found.stream()
            // A prefix finds the groups of "shop-2", too.
            .filter(name -> !name.startsWith("/aws/lambda/") || name.equals("/aws/lambda/" + stack))
            .filter(name -> !name.startsWith("dms-tasks-") || name.equals("dms-tasks-" + stack))
            .toList();
  }

  /** The log groups that there are. */
  public List<String> groups() {
    return groups;
  }

  /** Gives each line since a time that was not given before. */
  public void read(Instant since, Consumer<Line> sink) {
    List<Line> lines = new ArrayList<>();
    for (String group : groups) {
      long start = from.getOrDefault(group, since.toEpochMilli());
      long latest = start;
      String token = "";
      do {
        ObjectNode input = AwsClient.object().put("logGroupName", group).put("startTime", start);
        if (!token.isEmpty()) {
          input.put("nextToken", token);
        }
        JsonNode page = page(input);
        for (JsonNode event : page.path("events")) {
          if (seen.add(group + event.path("eventId").asText())) {
            long time = event.path("timestamp").asLong();
            latest = Math.max(latest, time);
            lines.add(
                new Line(
                    Instant.ofEpochMilli(time),
                    group,
                    event.path("message").asText().stripTrailing()));
          }
        }
        token = page.path("nextToken").asText("");
      } while (!token.isEmpty());
      // Lines of the same millisecond may still come.
      from.put(group, latest);
    }
    lines.sort(Comparator.comparing(Line::time));
    lines.forEach(sink);
  }

  private JsonNode page(ObjectNode input) {
    try {
      return aws.json(AwsService.LOGS, "FilterLogEvents", input);
    } catch (AwsException e) {
      if (e.is("ResourceNotFound")) {
        return AwsClient.object();
      }
      throw e;
    }
  }
}
