package io.dynapipe.demo;

import io.dynapipe.demo.Walkthrough.Step;
import java.io.PrintWriter;

/** Prints the walkthrough's commands, ready to paste. */
final class DemoCommands {

  private static final String ARN = "arn:aws:dms:us-east-1:000000000000:";
  private static final String TASK = " --replication-task-arn " + ARN + "task:DEMO";
  private static final String LOCAL = ARN + "rep:LOCAL";
  private static final String INSTANCE = " --replication-instance-arn " + LOCAL;
  private static final String FILTER = " --filters Name=replication-task-id,Values=demo";
  private static final String LOGS = "arn:aws:logs:us-east-1:000000000000:log-group:";

  /** How a target begins that this command reaches. */
  private static final String PSQL = "psql ";

  private final String url;
  private final PrintWriter out;

  DemoCommands(String url, PrintWriter out) {
    this.url = url;
    this.out = out;
  }

  /**
   * Prints all of them.
   *
   * @param source how a person reaches the source
   * @param target the same for the target
   */
  void print(String source, String target) {
    text("console  " + url + "/");
    text("source   " + source);
    text("target   " + target);
    title("Any credentials will do, but the aws command line insists on some:");
    text("export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1");
    title("What is there:");
    aws("dms describe-replication-instances");
    aws("dms describe-endpoints");
    title("Both endpoints need a successful test before the task can start:");
    aws("dms test-connection" + INSTANCE + " --endpoint-arn " + ARN + "endpoint:DEMO-SOURCE");
    aws("dms test-connection" + INSTANCE + " --endpoint-arn " + ARN + "endpoint:DEMO-TARGET");
    aws(
        "dms wait test-connection-succeeds --filters Name=replication-instance-arn,Values="
            + LOCAL);
    aws("dms describe-connections");
    title("Full load, then changes:");
    start("start-replication");
    await("running");
    aws("dms describe-replication-tasks" + FILTER);
    aws("dms describe-table-statistics" + TASK);
    title("Change the source, and look at public." + Walkthrough.TABLE + " in the target:");
    for (Step step : Walkthrough.CHANGES) {
      text(source + " <<'SQL'");
      step.statements().forEach(this::text);
      text("SQL");
      if (target.startsWith(PSQL)) {
        text(target + " -c 'TABLE public." + Walkthrough.TABLE + "'");
      }
    }
    title("Logs of the task and of the source, and both as they come:");
    aws("logs describe-log-groups");
    aws(
        "logs get-log-events --log-group-name dms-tasks-dynapipe-local --log-stream-name"
            + " dms-task-DEMO");
    text(
        "AWS_DISABLE_HOST_PREFIX_INJECTION=true aws logs start-live-tail --endpoint-url "
            + url
            + " --log-group-identifiers "
            + LOGS
            + "dms-tasks-dynapipe-local "
            + LOGS
            + "/aws/rds/instance/"
            + ServedDemo.DATABASE
            + "/postgresql");
    title("The events in the stream:");
    aws("kinesis list-shards --stream-name demo");
    aws(
        "kinesis get-records --shard-iterator $(aws kinesis get-shard-iterator --endpoint-url "
            + url
            + " --stream-name demo --shard-id shardId-000000000000 --shard-iterator-type"
            + " TRIM_HORIZON --query ShardIterator --output text)");
    title("Stop, go on, load again:");
    stop();
    start("resume-processing");
    await("running");
    stop();
    start("reload-target");
    text("");
    text("Ctrl-C ends the demo and removes what it made.");
    out.flush();
  }

  private void stop() {
    aws("dms stop-replication-task" + TASK);
    await("stopped");
  }

  private void await(String status) {
    aws("dms wait replication-task-" + status + FILTER);
  }

  private void start(String type) {
    aws("dms start-replication-task" + TASK + " --start-replication-task-type " + type);
  }

  private void aws(String command) {
    text("aws " + command + " --endpoint-url " + url);
  }

  private void title(String title) {
    text("");
    text("# " + title);
  }

  private void text(String line) {
    out.println(line);
  }
}
