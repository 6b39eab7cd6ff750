package io.dynapipe.cli;

import io.dynapipe.config.Durations;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.Sink;
import io.dynapipe.task.QuarantineRetry;
import io.dynapipe.task.Sinks;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What could not be applied: show it, apply it again, or give it up. */
@Command(
    name = "quarantine",
    description = {
      "Shows records that could not be applied, applies them again, or drops them.",
      "",
      "Such records are in the target's table dynapipe.quarantine, with their reason. Later",
      "records of the same key wait behind them."
    },
    footer = {
      "",
      "Examples:",
      "  dynapipe quarantine list --sink crate://localhost:4200",
      "  dynapipe quarantine retry --sink crate://localhost:4200 --table public.orders",
      "",
      "Exit codes: 0 done; 1 some records failed again; 2 wrong input; 3 the target cannot be",
      "reached or used."
    },
    mixinStandardHelpOptions = true)
final class QuarantineCommand implements Callable<Integer> {

  private static final int WIDTH = 160;

  @Spec private CommandSpec spec;

  /** Which quarantine, and what of it. */
  static final class Scope {
    @Mixin private SinkOptions sinkOptions = new SinkOptions();

    @Option(
        names = "--table",
        paramLabel = "NAME",
        description = "Only records of this table, as schema.table (default: all).")
    private List<String> tables = new ArrayList<>();

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    Sink open() {
      SinkUrl url = sinkOptions.url(System.getenv());
      return Sinks.open(url, sinkOptions.layout());
    }

    boolean selects(QuarantineEntry entry) {
      return tables.isEmpty() || tables.contains(entry.hold().table());
    }
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Missing list, show, retry or drop");
  }

  @Command(name = "list", description = "Lists what is in quarantine, oldest first.")
  int list(@Mixin Scope scope) {
    try (Sink sink = scope.open()) {
      List<QuarantineEntry> entries =
          sink.quarantine().list().stream().filter(scope::selects).toList();
      PrintWriter out = out();
      if (scope.json) {
        entries.forEach(entry -> out.println(line(entry)));
      } else {
        entries.forEach(entry -> out.println(text(entry)));
        summary(entries).forEach((table, count) -> out.printf("%s: %d%n", table, count));
        out.printf("%d in quarantine%n", entries.size());
      }
      out.flush();
    }
    return Failures.DONE;
  }

  @Command(name = "show", description = "Shows records whole, with reason and event.")
  int show(
      @Mixin Scope scope,
      @Parameters(arity = "1..*", paramLabel = "ID", description = "As list tells it.")
          List<String> ids) {
    try (Sink sink = scope.open()) {
      for (QuarantineEntry entry : find(sink, ids)) {
        if (scope.json) {
          out().println(line(entry).with("event", entry.event()));
        } else {
          out()
              .printf("%s%n  reason %s%n  event  %s%n", text(entry), entry.reason(), entry.event());
        }
      }
      out().flush();
    }
    return Failures.DONE;
  }

  @Command(
      name = "retry",
      description = {
        "Applies records again, in their order, after their cause is gone.",
        "",
        "A pipeline may go on meanwhile: no later record overtakes. Records that fail again",
        "stay, with their new reason. Run one retry at a time."
      })
  int retry(
      @Mixin Scope scope,
      @Option(
              names = "--settle",
              paramLabel = "TIME",
              defaultValue = "6s",
              description = {
                "How long to wait for records that a running pipeline still sets aside",
                "(default: ${DEFAULT-VALUE}; 0s when none runs)."
              })
          String settle)
      throws InterruptedException {
    try (Sink sink = scope.open()) {
      QuarantineRetry.Result result =
          new QuarantineRetry(sink, scope::selects, Clock.systemUTC()).run(Durations.parse(settle));
      long left = sink.quarantine().list().stream().filter(scope::selects).count();
      report(scope, result, left);
      return result.setAside().isEmpty() && left == 0 ? Failures.DONE : Failures.FAILED;
    }
  }

  private void report(Scope scope, QuarantineRetry.Result result, long left) {
    PrintWriter out = out();
    if (scope.json) {
      result.setAside().forEach(entry -> out.println(line(entry)));
      out.println(JsonLine.of("applied", result.applied()).with("left", left));
    } else {
      result.setAside().forEach(entry -> out.println(text(entry)));
      out.printf("%d applied, %d left in quarantine%n", result.applied(), left);
    }
    out.flush();
    if (result.arriving()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("A running pipeline keeps setting records of these keys aside.");
      err.println("  Stop it, retry, and start it again.");
      err.flush();
    }
  }

  @Command(
      name = "drop",
      description = {
        "Drops records: they will never be applied. Later records of their keys stay in",
        "quarantine until a retry."
      })
  int drop(
      @Mixin Scope scope,
      @Parameters(arity = "0..*", paramLabel = "ID", description = "As list tells it.")
          List<String> ids,
      @Option(names = "--all", description = "All records, or all of --table.") boolean all) {
    boolean named = ids != null && !ids.isEmpty();
    if (named == all) {
      throw PipelineException.input(
          named ? "ids and --all are given both" : "nothing is named to drop",
          "Give the ids that list tells, or --all.");
    }
    try (Sink sink = scope.open()) {
      List<QuarantineEntry> entries =
          named
              ? find(sink, ids)
              : sink.quarantine().list().stream().filter(scope::selects).toList();
      sink.quarantine().remove(entries.stream().map(QuarantineEntry::id).toList());
      if (scope.json) {
        out().println(JsonLine.of("dropped", entries.size()));
      } else {
        out().printf("%d dropped%n", entries.size());
      }
      out().flush();
    }
    return Failures.DONE;
  }

  private static List<QuarantineEntry> find(Sink sink, List<String> ids) {
    Set<String> unknown = new HashSet<>(ids);
    List<QuarantineEntry> found =
        sink.quarantine().list().stream().filter(entry -> ids.contains(entry.id())).toList();
    found.forEach(entry -> unknown.remove(entry.id()));
    if (!unknown.isEmpty()) {
      throw PipelineException.input(
          "not in quarantine: " + String.join(", ", unknown), "See dynapipe quarantine list.");
    }
    return found;
  }

  private static Map<String, Long> summary(List<QuarantineEntry> entries) {
    Map<String, Long> counts = new TreeMap<>();
    entries.forEach(entry -> counts.merge(place(entry), 1L, Long::sum));
    return counts;
  }

  private static String place(QuarantineEntry entry) {
    return entry.hold().table().isEmpty() ? "(no table)" : entry.hold().table();
  }

  private static String text(QuarantineEntry entry) {
    String key = entry.hold().key().isEmpty() ? "" : " " + entry.hold().key();
    return entry.id()
        + "  "
        + place(entry)
        + shortened(key)
        + "  "
        + entry.operation()
        + "  "
        + shortened(entry.reason());
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "...";
  }

  private static JsonLine line(QuarantineEntry entry) {
    return JsonLine.of("id", entry.id())
        .with("table", entry.hold().table())
        .with("key", entry.hold().key())
        .with("operation", entry.operation())
        .with("reason", entry.reason())
        .with("shard", entry.shard())
        .with("sequence_number", entry.sequenceNumber())
        .with("quarantined", Instant.ofEpochMilli(entry.quarantinedMillis()).toString());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
