package io.dynapipe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynapipe.demo.EmbeddedQuery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that {@code dynapipe demo} prints, pasted into a shell as they are. */
final class ServedDemoIT {

  @TempDir Path directory;

  private static boolean works(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.call()) {
      assertThat(System.nanoTime() - deadline).as("waiting for %s", what).isNegative();
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static String group(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
    return matcher.group(1);
  }

  /** What is printed between two titles, without the titles. */
  private static String section(String printed, String title, String next) {
    String body = printed.substring(printed.indexOf("# " + title), printed.indexOf("# " + next));
    return body.substring(body.indexOf('\n') + 1);
  }

  private String paste(String commands) {
    ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", commands);
    builder.environment().put("AWS_ACCESS_KEY_ID", "any");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "any");
    builder.environment().put("AWS_DEFAULT_REGION", "us-east-1");
    builder.environment().put("AWS_PAGER", "");
    try {
      Path output = Files.createTempFile(directory, "pasted", ".txt");
      Process shell = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      try {
        assertThat(shell.waitFor(3, TimeUnit.MINUTES)).as(commands).isTrue();
      } finally {
        shell.destroyForcibly();
      }
      String text = Files.readString(output);
      assertThat(shell.exitValue()).as("%s\ngave\n%s", commands, text).isZero();
      return text;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(commands, e);
    }
  }

  /** The command line's waiters ask at once, and then each 15 seconds: it is waited before them. */
  private String play(String commands, String url) throws Exception {
    StringBuilder output = new StringBuilder();
    for (String part : commands.split("(?=aws dms wait)")) {
      if (part.startsWith("aws dms wait")) {
        String wanted = group(part, "replication-task-([a-z]+)");
        await(wanted, () -> status(url).equals(wanted));
      }
      output.append(paste(part));
    }
    return output.toString();
  }

  private static String status(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/"))
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", "AmazonDMSv20160101.DescribeReplicationTasks")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    String answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    return new JsonMapper().readTree(answer).at("/ReplicationTasks/0/Status").asText();
  }

  private static List<String> rows(String port, String sql) throws SQLException {
    return EmbeddedQuery.rows("postgresql://postgres@127.0.0.1:" + port + "/target", sql);
  }

  @Test
  void printsCommandsThatWork() throws Exception {
    assumeTrue(works("aws", "--version"), "needs the aws command line");
    assumeTrue(works("psql", "--version"), "needs psql");
    Program demo = Program.start(directory, "demo", "--port", "0");
    await("the commands", () -> demo.output().contains("Ctrl-C ends the demo"));
    String printed = demo.output().replace("\nCtrl-C", "\n# end\nCtrl-C");
    String url = group(printed, "console +(http://localhost:[0-9]+)/");
    String port = group(printed, "source +psql .*-p ([0-9]+) ");

    assertThat(paste(section(printed, "Both endpoints", "Full load"))).contains("successful");
    assertThat(play(section(printed, "Full load, then changes:", "Change the source"), url))
        .contains("\"running\"", "\"TableName\": \"foo\"");
    String name = "SELECT data->>'name' FROM public.foo ORDER BY 1";
    await("the load", () -> rows(port, "SELECT to_regclass('public.foo')::text").get(0) != null);
    await("the load", () -> rows(port, name).equals(List.of("Jane", "John")));

    String changes = section(printed, "Change the source", "Logs of the task");
    String[] steps = changes.split("(?=psql [^\n]* <<'SQL')");
    assertThat(steps).hasSize(2);
    assertThat(paste(steps[0])).contains("UPDATE 1", "name");
    await(
        "the updates",
        () ->
            rows(port, "SELECT data->'attributes'->>'last_name' FROM public.foo ORDER BY 1")
                .contains("Doe"));
    paste(steps[1]);
    await("the deletes", () -> rows(port, name).isEmpty());

    // Each start of the command line takes about a second, so what only looks goes beside the rest.
    CompletableFuture<String> looks =
        CompletableFuture.supplyAsync(
            () ->
                paste(
                    section(printed, "What is there:", "Both endpoints")
                        + section(printed, "Logs of the task", "The events in the stream")
                            .replaceAll("AWS_DISABLE_HOST_PREFIX_INJECTION.*", "")
                        + section(printed, "The events in the stream", "Stop, go on")));
    play(section(printed, "Stop, go on", "end"), url);
    assertThat(looks.get())
        .contains("dynapipe-local", "demo-source", "demo-target")
        .contains("/aws/rds/instance/dynapipe-demo/postgresql", "Start loading table")
        .contains("shardId-000000000000", "SequenceNumber");
    String data = rows(port, "SHOW data_directory").get(0);
    assertThat(demo.stop().exitCode()).as(demo.errors()).isEqualTo(143);
    assertThat(Path.of(data)).doesNotExist();
  }
}
