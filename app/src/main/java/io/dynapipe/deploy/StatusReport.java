package io.dynapipe.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.deploy.aws.AwsClient;
import io.dynapipe.deploy.aws.AwsException;
import io.dynapipe.deploy.aws.AwsService;
import io.dynapipe.deploy.aws.Xml;
import io.dynapipe.error.PipelineException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How the parts of a pipeline are.
 *
 * @param values what it is, and how, in the order of the data's way
 * @param healthy whether the stack is whole and its replication, if any, runs
 */
public record StatusReport(Map<String, String> values, boolean healthy) {

  private static final Duration WINDOW = Duration.ofMinutes(15);

  static StatusReport of(AwsClient aws, String stack) {
    Stacks.Stack described =
        new Stacks(aws, stack)
            .find()
            .orElseThrow(
                () ->
                    PipelineException.environment(
                        "there is no stack " + stack + " in " + aws.region(),
                        "Make it with 'dynapipe deploy up'; is the region right?",
                        null));
    Map<String, String> values = new LinkedHashMap<>();
    values.put("stack", described.status());
    if (!described.reason().isEmpty()) {
      values.put("stack reason", described.reason());
    }
    Optional<Replication> replication = Replication.find(aws, stack);
    replication.ifPresent(it -> describe(it, values));
    Metrics metrics = new Metrics(aws);
    replication
        .filter(it -> !it.isServerless())
        .ifPresent(
            it -> {
              Map<String, String> task = new LinkedHashMap<>();
              task.put("ReplicationInstanceIdentifier", stack);
              task.put("ReplicationTaskIdentifier", lastPart(it.arn()));
              metrics.put(values, "source latency", "AWS/DMS", "CDCLatencySource", task, "s", 1);
              metrics.put(values, "target latency", "AWS/DMS", "CDCLatencyTarget", task, "s", 1);
            });
    Map<String, String> function = Map.of("FunctionName", stack);
    metrics.put(values, "iterator age", "AWS/Lambda", "IteratorAge", function, "s", 1000);
    metrics.put(values, "function errors", "AWS/Lambda", "Errors", function, "", 1);
    metrics.put(
        values,
        "given up",
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        Map.of("QueueName", stack + "-failures"),
        "batches",
        1);
    metrics.put(
        values,
        "WAL kept for slots",
        "AWS/RDS",
        "OldestReplicationSlotLag",
        Map.of("DBInstanceIdentifier", stack),
        "MiB",
        1 << 20);
    boolean whole =
        described.status().matches("(CREATE|UPDATE|IMPORT)_COMPLETE|UPDATE_ROLLBACK_COMPLETE");
    return new StatusReport(values, whole && replication.map(Replication::isRunning).orElse(true));
  }

  private static void describe(Replication replication, Map<String, String> values) {
    values.put("replication", replication.status());
    if (!replication.trouble().isEmpty()) {
      values.put("replication says", replication.trouble());
    }
    JsonNode statistics = replication.statistics();
    values.put(
        "full load",
        statistics.path("FullLoadProgressPercent").asInt()
            + " %, tables: "
            + statistics.path("TablesLoaded").asInt()
            + " loaded, "
            + statistics.path("TablesLoading").asInt()
            + " loading, "
            + statistics.path("TablesQueued").asInt()
            + " queued, "
            + statistics.path("TablesErrored").asInt()
            + " with errors");
    long loads = 0;
    long inserts = 0;
    long updates = 0;
    long deletes = 0;
    for (JsonNode table : replication.tables()) {
      loads += table.path("FullLoadRows").asLong();
      inserts += table.path("Inserts").asLong();
      updates += table.path("Updates").asLong();
      deletes += table.path("Deletes").asLong();
    }
    values.put(
        "rows",
        loads
            + " loaded, "
            + inserts
            + " inserts, "
            + updates
            + " updates, "
            + deletes
            + " deletes");
  }

  private static String lastPart(String arn) {
    return arn.substring(arn.lastIndexOf(':') + 1);
  }

  /** The last figures of CloudWatch. */
  private record Metrics(AwsClient aws) {

    /** Tells a metric's latest maximum, unless CloudWatch has none of the last minutes. */
    void put(
        Map<String, String> values,
        String title,
        String namespace,
        String metric,
        Map<String, String> dimensions,
        String unit,
        double divisor) {
      OptionalDouble latest = latest(namespace, metric, dimensions);
      if (latest.isPresent()) {
        String number = String.format(Locale.ROOT, "%.1f", latest.getAsDouble() / divisor);
        values.put(title, (number.replaceFirst("\\.0$", "") + " " + unit).strip());
      }
    }

    private OptionalDouble latest(String namespace, String metric, Map<String, String> dimensions) {
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      Map<String, String> form = new LinkedHashMap<>();
      form.put("Namespace", namespace);
      form.put("MetricName", metric);
      form.put("StartTime", now.minus(WINDOW).toString());
      form.put("EndTime", now.toString());
      form.put("Period", "60");
      form.put("Statistics.member.1", "Maximum");
      int number = 1;
      for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
        form.put("Dimensions.member." + number + ".Name", dimension.getKey());
        form.put("Dimensions.member." + number++ + ".Value", dimension.getValue());
      }
      try {
        Xml points = aws.query(AwsService.CLOUDWATCH, "GetMetricStatistics", form);
        return points.members("Datapoints").stream()
            .max(java.util.Comparator.comparing((Xml point) -> point.text("Timestamp")))
            .map(point -> OptionalDouble.of(Double.parseDouble(point.text("Maximum"))))
            .orElse(OptionalDouble.empty());
      } catch (AwsException e) {
        if (e.isDenied()) {
          return OptionalDouble.empty();
        }
        throw e;
      }
    }
  }
}
