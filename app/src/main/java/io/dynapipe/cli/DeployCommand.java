package io.dynapipe.cli;

import io.dynapipe.config.Durations;
import io.dynapipe.deploy.CostEstimate;
import io.dynapipe.deploy.Deployment;
import io.dynapipe.deploy.Deployment.DatabaseFate;
import io.dynapipe.deploy.Facts;
import io.dynapipe.deploy.LogTail;
import io.dynapipe.deploy.StatusReport;
import io.dynapipe.error.PipelineException;
import io.dynapipe.retry.Sleeper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A pipeline on AWS. */
@Command(
    name = "deploy",
    description = {
      "Brings a pipeline up on AWS, looks at it, steers it, and takes it down again.",
      "",
      "RDS PostgreSQL (or a database that exists), AWS DMS, a Kinesis stream, and a Lambda",
      "function that applies the changes to the sink, as one CloudFormation stack."
    },
    footer = {
      "",
      "Examples:",
      "  dynapipe deploy up --stack shop --sink 'crate://user:password@host:4200/?ssl=true'",
      "  dynapipe deploy status --stack shop",
      "  dynapipe deploy down --stack shop --database snapshot",
      "",
      "See docs/aws.md for the permissions that it needs, and for what it costs."
    },
    mixinStandardHelpOptions = true)
final class DeployCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "Missing up, status, logs, start, stop, resume, reload, template, cost or down");
  }

  @Command(
      name = "up",
      description = {
        "Makes the stack, or changes what differs, and starts the replication.",
        "",
        "Shows the changes and asks. Give the same options each time; parameters that are",
        "not given keep their value."
      })
  int up(
      @Mixin DeployOptions options,
      @Option(names = "--yes", description = "Does not ask.") boolean yes,
      @Option(names = "--show-password", description = "Shows the database's password.")
          boolean password,
      @Option(names = "--json", description = "Prints the result as one JSON object.")
          boolean json) {
    try (Deployment deployment = connect(options, yes, json)) {
      Optional<Facts> facts = deployment.up();
      facts.ifPresent(
          it -> print(it, password ? deployment.databasePassword() : Optional.empty(), json));
      return facts.isPresent() ? Failures.DONE : Failures.FAILED;
    }
  }

  @Command(
      name = "status",
      description = "Tells how all parts are; exit code 1 when something does not run.")
  int status(
      @Mixin DeployOptions options,
      @Option(names = "--json", description = "Prints one JSON object.") boolean json) {
    try (Deployment deployment = connect(options, true, json)) {
      StatusReport report = deployment.status();
      PrintWriter out = out();
      if (json) {
        JsonLine line = JsonLine.of("healthy", Boolean.toString(report.healthy()));
        report.values().forEach(line::with);
        out.println(line);
      } else {
        report.values().forEach((name, value) -> out.printf("%-20s %s%n", name, value));
      }
      out.flush();
      return report.healthy() ? Failures.DONE : Failures.FAILED;
    }
  }

  @Command(
      name = "info",
      description = "Tells names, ARNs and console pages again, as 'up' does at its end.")
  int info(
      @Mixin DeployOptions options,
      @Option(names = "--show-password", description = "Shows the database's password.")
          boolean password,
      @Option(names = "--json", description = "Prints one JSON object.") boolean json) {
    try (Deployment deployment = connect(options, true, json)) {
      print(deployment.facts(), password ? deployment.databasePassword() : Optional.empty(), json);
    }
    return Failures.DONE;
  }

  @Command(name = "logs", description = "Shows the logs of function, replication and database.")
  int logs(
      @Mixin DeployOptions options,
      @Option(
              names = "--since",
              paramLabel = "TIME",
              defaultValue = "10m",
              description = "From how long ago (default: ${DEFAULT-VALUE}).")
          String since,
      @Option(
              names = {"-f", "--follow"},
              description = "Goes on until Ctrl-C.")
          boolean follow)
      throws InterruptedException {
    Instant from = Instant.now().minus(Durations.parse(since));
    try (Deployment deployment = connect(options, true, false)) {
      LogTail tail = deployment.logs();
      if (tail.groups().isEmpty()) {
        spec.commandLine().getErr().println("The stack has no logs yet.");
      }
      do {
        tail.read(
            from, line -> out().println(line.time() + " " + line.group() + " " + line.text()));
        out().flush();
        if (follow) {
          Sleeper.REAL.sleep(java.time.Duration.ofSeconds(2));
        }
      } while (follow);
    }
    return Failures.DONE;
  }

  @Command(name = "start", description = "Starts the replication, after a test of both ends.")
  int start(@Mixin DeployOptions options) {
    return steer(options, Deployment::start, "The replication starts.");
  }

  @Command(name = "stop", description = "Stops the replication; WAL waits in the source meanwhile.")
  int stop(@Mixin DeployOptions options) {
    return steer(options, Deployment::stop, "The replication is stopped.");
  }

  @Command(name = "resume", description = "Goes on from where the replication stopped.")
  int resume(@Mixin DeployOptions options) {
    return steer(options, Deployment::resume, "The replication goes on.");
  }

  @Command(name = "reload", description = "Loads all tables again, then streams.")
  int reload(@Mixin DeployOptions options) {
    return steer(options, Deployment::reload, "The replication loads all tables again.");
  }

  private int steer(DeployOptions options, Consumer<Deployment> action, String done) {
    try (Deployment deployment = connect(options, true, false)) {
      action.accept(deployment);
      out().println(done);
      out().flush();
    }
    return Failures.DONE;
  }

  @Command(
      name = "template",
      description = "Prints the CloudFormation template, with all that --overlay changes.")
  int template(@Mixin DeployOptions options) {
    out().print(options.spec().template().text());
    out().flush();
    return Failures.DONE;
  }

  @Command(
      name = "cost",
      description = "Estimates the cost of a month, with its arithmetic. Asks AWS nothing.")
  int cost(
      @Mixin DeployOptions options,
      @Option(
              names = "--changes-per-second",
              paramLabel = "N",
              defaultValue = "10",
              description = "On the average of a month (default: ${DEFAULT-VALUE}).")
          double perSecond,
      @Option(
              names = "--change-bytes",
              paramLabel = "N",
              defaultValue = "600",
              description = "Size of a change's message (default: ${DEFAULT-VALUE}).")
          int bytes,
      @Option(
              names = "--prices",
              paramLabel = "FILE",
              description = "Prices of your own, instead of those that are shipped.")
          @Nullable Path file,
      @Option(names = "--print-prices", description = "Prints the price table, to be changed.")
          boolean prices)
      throws IOException {
    String table = file == null ? CostEstimate.shippedPrices() : Files.readString(file);
    if (prices) {
      out().print(table);
      out().flush();
      return Failures.DONE;
    }
    CostEstimate estimate =
        CostEstimate.of(options.spec(), new CostEstimate.Load(perSecond, bytes), table);
    PrintWriter out = out();
    for (CostEstimate.Item item : estimate.items()) {
      out.printf(Locale.ROOT, "%-32s %10s  %s%n", item.part(), item.dollars(), item.arithmetic());
    }
    out.printf(Locale.ROOT, "%-32s %10s  US dollars a month%n", "sum", estimate.total());
    out.println(
        "List prices of "
            + estimate.region()
            + " as of "
            + estimate.date()
            + ", without taxes, free tier, data transfer and logs. Check them: --print-prices.");
    out.flush();
    return Failures.DONE;
  }

  @Command(
      name = "down",
      description = "Deletes the stack with its image and secrets; asks before.")
  int down(
      @Mixin DeployOptions options,
      @Option(
              names = "--database",
              paramLabel = "FATE",
              defaultValue = "snapshot",
              description = {
                "What becomes of the database: keep (with its network), snapshot, or delete",
                "(default: ${DEFAULT-VALUE})."
              })
          String database,
      @Option(names = "--yes", description = "Does not ask.") boolean yes) {
    DatabaseFate fate;
    try {
      fate = DatabaseFate.valueOf(database.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw PipelineException.input(
          "'" + database + "' is nothing that can become of a database",
          "Give keep, snapshot or delete.");
    }
    try (Deployment deployment = connect(options, yes, false)) {
      return deployment.down(fate) ? Failures.DONE : Failures.FAILED;
    }
  }

  private Deployment connect(DeployOptions options, boolean yes, boolean json) {
    return Deployment.connect(
        options.spec(),
        options.region(),
        new TerminalConversation(out(), spec.commandLine().getErr(), yes, json));
  }

  private void print(Facts facts, Optional<String> password, boolean json) {
    PrintWriter out = out();
    String secret = password.orElse("***");
    if (json) {
      JsonLine line = JsonLine.of("stack", "up");
      facts.names().forEach(line::with);
      if (password.isPresent()) {
        line.with("password", secret);
      }
      out.println(line);
    } else {
      out.println();
      facts
          .names()
          .forEach((name, value) -> out.printf("%-26s %s%n", name, shown(name, value, secret)));
      out.println("\nIn the console:");
      facts.links().forEach((name, link) -> out.printf("  %-12s %s%n", name, link));
      out.println("\nNext:");
      facts.commands().forEach(command -> out.println("  " + command));
    }
    out.flush();
  }

  private static String shown(String name, String value, String secret) {
    return name.equals(Facts.PSQL) ? "PGPASSWORD='" + secret + "' " + value : value;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
