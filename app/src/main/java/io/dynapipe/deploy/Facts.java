package io.dynapipe.deploy;

import io.dynapipe.deploy.aws.AwsClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person needs to know of a pipeline that is up.
 *
 * @param names names and addresses: what it is, and its value, in the order of the data's way
 * @param links pages of the AWS console
 * @param commands what one types next, ready to be copied
 */
public record Facts(Map<String, String> names, Map<String, String> links, List<String> commands) {

  /** Names under which tools find the values again. */
  public static final String PSQL = "PostgreSQL";

  public static final String DATABASE = "RDS instance ARN";
  public static final String STREAM = "Stream ARN";
  public static final String REPLICATION = "Replication ARN";
  public static final String FUNCTION = "Function ARN";

  static Facts of(
      AwsClient aws,
      String account,
      String stack,
      Stacks.Stack described,
      Optional<Replication> replication) {
    Map<String, String> out = described.outputs();
    String place = aws.region() + ":" + account;
    String arn = "arn:" + aws.partition() + ":";
    Map<String, String> names = new LinkedHashMap<>();
    put(names, PSQL, out.get("PsqlCommand"));
    boolean database =
        described.parameters().getOrDefault("SourceSecretArn", "").isEmpty()
            && !described.parameters().getOrDefault("Replication", "").equals("none");
    if (database) {
      names.put(DATABASE, out.getOrDefault("DatabaseArn", arn + "rds:" + place + ":db:" + stack));
    }
    replication.ifPresent(
        it -> {
          names.put(REPLICATION, it.arn());
          put(names, "Replication instance ARN", it.instanceArn());
          names.put("Source endpoint ARN", it.sourceEndpointArn());
          names.put("Target endpoint ARN", it.targetEndpointArn());
        });
    names.putIfAbsent("Target endpoint ARN", out.getOrDefault("TargetEndpointArn", ""));
    names.put(STREAM, out.getOrDefault("StreamArn", arn + "kinesis:" + place + ":stream/" + stack));
    names.put(
        FUNCTION, out.getOrDefault("FunctionArn", arn + "lambda:" + place + ":function:" + stack));
    put(names, "Failure queue", out.get("FailureQueueUrl"));
    names.values().removeIf(String::isEmpty);
    return new Facts(
        names,
        links(aws, stack, database, replication.isPresent()),
        commands(aws, stack, database, replication));
  }

  private static void put(
      Map<String, String> names, String name, @org.jspecify.annotations.Nullable String value) {
    if (value != null && !value.isEmpty()) {
      names.put(name, value);
    }
  }

  private static Map<String, String> links(
      AwsClient aws, String stack, boolean database, boolean replication) {
    String region = aws.region();
    String console = "https://" + region + ".console." + consoleHost(aws) + "/";
    Map<String, String> links = new LinkedHashMap<>();
    links.put(
        "Stack",
        console + "cloudformation/home?region=" + region + "#/stacks?filteringText=" + stack);
    if (database) {
      links.put("Database", console + "rds/home?region=" + region + "#database:id=" + stack);
    }
    if (replication) {
      links.put("Replication", console + "dms/v2/home?region=" + region + "#tasks");
    }
    links.put("Stream", console + "kinesis/home?region=" + region + "#/streams/details/" + stack);
    links.put("Function", console + "lambda/home?region=" + region + "#/functions/" + stack);
    links.put(
        "Alarms", console + "cloudwatch/home?region=" + region + "#alarmsV2:?search=" + stack);
    return links;
  }

  private static String consoleHost(AwsClient aws) {
    return switch (aws.partition()) {
      case "aws-cn" -> "amazonaws.cn";
      case "aws-us-gov" -> "amazonaws-us-gov.com";
      default -> "aws.amazon.com";
    };
  }

  private static List<String> commands(
      AwsClient aws, String stack, boolean database, Optional<Replication> replication) {
    List<String> commands = new ArrayList<>();
    if (database) {
      commands.add(
          "aws secretsmanager get-secret-value --secret-id "
              + stack
              + "/database --query SecretString --output text");
    }
    if (replication.isPresent()) {
      String arn = replication.get().arn();
      if (replication.get().isServerless()) {
        commands.add(
            "aws dms describe-replications --filters Name=replication-config-arn,Values=" + arn);
        commands.add(
            "aws dms describe-replication-table-statistics --replication-config-arn " + arn);
        commands.add("aws dms stop-replication --replication-config-arn " + arn);
      } else {
        commands.add(
            "aws dms describe-replication-tasks --filters Name=replication-task-arn,Values=" + arn);
        commands.add("aws dms describe-table-statistics --replication-task-arn " + arn);
        commands.add("aws dms stop-replication-task --replication-task-arn " + arn);
        commands.add(
            "aws dms start-replication-task --start-replication-task-type resume-processing"
                + " --replication-task-arn "
                + arn);
        commands.add("aws logs describe-log-streams --log-group-name dms-tasks-" + stack);
      }
    }
    commands.add("aws logs filter-log-events --log-group-name /aws/lambda/" + stack);
    return commands.stream().map(command -> command + " --region " + aws.region()).toList();
  }
}
