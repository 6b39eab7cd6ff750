package io.dynapipe.cli;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.preflight.Estimate;
import io.dynapipe.preflight.Finding;
import io.dynapipe.preflight.Preflight;
import io.dynapipe.preflight.Report;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks before a task is made. */
@Command(
    name = "check",
    description = {
      "Looks at source, target and tables before they are replicated, and says what is in",
      "the way, what to do about it, and what to expect. Changes nothing."
    },
    footer = {
      "",
      "Example:",
      "  dynapipe check --source postgresql://postgres@localhost/shop --sink"
          + " crate://localhost:4200",
      "",
      "Exit codes: 0 nothing in the way; 1 a warning; 2 wrong input; 3 an error: a task would",
      "not run."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions sourceOptions = new SourceOptions();

  @Option(
      names = "--sink",
      paramLabel = "URL",
      description = "Target, to be looked at as well (default: the source only).")
  private @Nullable String sink;

  @Option(
      names = "--stream",
      paramLabel = "URL",
      description = "What lies between (default: the embedded stream).")
  private @Nullable String stream;

  @Mixin private MigrationOption migrationOption = new MigrationOption();

  @Option(
      names = "--long-transaction",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "From when on an open transaction is told (default: ${DEFAULT-VALUE}).")
  private int longTransaction = 60;

  @Option(names = "--json", description = "Prints one JSON object a finding, and the estimate.")
  private boolean json;

  @Override
  public Integer call() {
    Map<String, String> environment = System.getenv();
    boolean cdc = migrationOption.type().streams();
    Report report =
        new Preflight(
                sourceOptions.url(environment),
                sourceOptions.mappings(),
                cdc,
                sink == null ? null : SinkUrl.parse(sink, environment),
                stream == null ? null : StreamUrl.parse(stream),
                new Preflight.Limits(
                    Duration.ofSeconds(longTransaction), Preflight.Limits.DEFAULT.retainedBytes()))
            .run();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      printJson(out, report);
    } else {
      print(out, report);
    }
    out.flush();
    return switch (report.worst()) {
      case INFO -> Failures.DONE;
      case WARNING -> Failures.FAILED;
      case ERROR -> Failures.ENVIRONMENT;
    };
  }

  private static void print(PrintWriter out, Report report) {
    for (Finding finding : report.findings()) {
      String subject = finding.subject() == null ? "" : finding.subject() + ": ";
      out.printf("%-7s %s: %s%s%n", finding.severity(), finding.check(), subject, finding.cause());
      out.printf("        %s%n", finding.cure());
    }
    if (report.findings().isEmpty()) {
      out.println("Nothing is in the way.");
    }
    Estimate estimate = report.estimate();
    if (estimate != null) {
      out.println();
      print(out, estimate);
    }
  }

  private static void print(PrintWriter out, Estimate estimate) {
    out.printf(
        Locale.ROOT,
        "Tables: %,d, with about %,d rows in %,d MiB.%n",
        estimate.tables(),
        estimate.rows(),
        estimate.bytes() >> 20);
    Estimate.Sample sample = estimate.sample();
    if (sample != null) {
      out.printf(
          Locale.ROOT,
          "Load: about %,d s for reading alone, by one reader at the %,.0f rows/s of %s just"
              + " now.%n",
          Math.max(1, seconds(estimate.loadTime())),
          sample.rowsPerSecond(),
          sample.table());
    }
    Estimate.Changes changes = estimate.changes();
    if (changes != null) {
      out.printf(
          Locale.ROOT,
          "Changes: %,.1f a second on average since %s; shards of a Kinesis stream for that: %d.%n",
          changes.perSecond(),
          changes.since(),
          estimate.shards());
    }
    out.printf(
        Locale.ROOT,
        "CrateDB: %,d columns in all, %,d in the widest table (it takes 1,000 a table).%n",
        estimate.crateColumns(),
        estimate.widest());
  }

  private static long seconds(@Nullable Duration time) {
    return time == null ? 0 : time.toSeconds();
  }

  private static void printJson(PrintWriter out, Report report) {
    for (Finding finding : report.findings()) {
      JsonBuffer line = new JsonBuffer(256).raw("{\"finding\":").string(finding.check());
      line.raw(",\"severity\":").string(finding.severity().name().toLowerCase(Locale.ROOT));
      if (finding.subject() != null) {
        line.raw(",\"subject\":").string(finding.subject());
      }
      line.raw(",\"cause\":").string(finding.cause());
      out.println(line.raw(",\"cure\":").string(finding.cure()).raw('}'));
    }
    Estimate estimate = report.estimate();
    if (estimate != null) {
      out.println(json(estimate));
    }
  }

  private static JsonLine json(Estimate estimate) {
    JsonLine line =
        JsonLine.of("tables", estimate.tables())
            .with("rows", estimate.rows())
            .with("bytes", estimate.bytes());
    if (estimate.sample() != null) {
      line.with("rows_per_second", Math.round(estimate.sample().rowsPerSecond()))
          .with("load_seconds", seconds(estimate.loadTime()));
    }
    if (estimate.changes() != null && estimate.shards() != null) {
      line.with("changes", estimate.changes().rows())
          .with("changes_since", estimate.changes().since().toString())
          .with("changes_seconds", estimate.changes().span().toSeconds())
          .with("shards", estimate.shards());
    }
    return line.with("crate_columns", estimate.crateColumns())
        .with("widest_table_columns", estimate.widest());
  }
}
