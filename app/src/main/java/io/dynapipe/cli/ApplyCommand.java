package io.dynapipe.cli;

import io.dynapipe.config.ColumnTypes;
import io.dynapipe.dms.DmsDecoder;
import io.dynapipe.error.PipelineException;
import io.dynapipe.processor.BatchOutcome;
import io.dynapipe.processor.BatchProcessor;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.sink.QuarantineEntry;
import io.dynapipe.sink.Sink;
import io.dynapipe.task.FileApplier;
import io.dynapipe.task.Sinks;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "apply",
    description = {
      "Applies DMS events from a file, one JSON object a line, to a target.",
      "",
      "Applying a file again changes nothing. A line that is no event is reported with its",
      "number, and the lines around it are applied."
    },
    footer = {
      "",
      "Example:",
      "  dynapipe apply events.ndjson --sink crate://localhost:4200",
      "",
      "Exit codes: 0 all applied; 1 some rows are in quarantine; 2 some lines are no events;",
      "3 the target cannot be reached or used."
    },
    mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {

  private static final int MAX_SHOWN = 20;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A file of events, or - for standard input.")
  private String file = "-";

  @Mixin private SinkOptions sinkOptions = new SinkOptions();

  @Option(names = "--json", description = "Prints the result as one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    long began = System.nanoTime();
    Map<String, String> environment = System.getenv();
    Set<String> jsonColumns = ColumnTypes.parse(environment.get(ColumnTypes.COLUMN_TYPES));
    try (Sink sink = Sinks.open(sinkOptions.url(environment), sinkOptions.layout(), jsonColumns);
        InputStream in = open()) {
      Totals totals = apply(sink, in);
      totals.millis = (System.nanoTime() - began) / 1_000_000;
      print(totals);
      return exitCode(totals);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Totals apply(Sink sink, InputStream in) throws IOException {
    Totals totals = new Totals();
    try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), "applied")) {
      FileApplier applier =
          new FileApplier(
              name(),
              new BatchProcessor(new DmsDecoder(), sink, Clock.systemUTC()),
              outcome -> {
                totals.add(outcome);
                progress.update(totals.counts.rows(), "rows");
              });
      totals.records = applier.apply(in);
    }
    return totals;
  }

  private InputStream open() throws IOException {
    return file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
  }

  /** Tells one content from another, and is the same when the same file is applied again. */
  private String name() throws IOException {
    return file.equals("-")
        ? "stdin@" + Clock.systemUTC().millis()
        : Path.of(file).getFileName() + "@" + Files.getLastModifiedTime(Path.of(file)).toMillis();
  }

  private PipelineException unreadable(IOException e) {
    return PipelineException.input(
        "cannot read " + file + ": " + e,
        "Give a readable file of events, or - for standard input.");
  }

  private void print(Totals totals) {
    PrintWriter out = spec.commandLine().getOut();
    TableCounts counts = totals.counts;
    if (json) {
      out.printf(
          "{\"records\":%d,\"loads\":%d,\"inserts\":%d,\"updates\":%d,\"deletes\":%d,"
              + "\"table_changes\":%d,\"quarantined\":%d,\"unreadable\":%d,\"millis\":%d}%n",
          totals.records,
          counts.loads(),
          counts.inserts(),
          counts.updates(),
          counts.deletes(),
          counts.tableChanges(),
          counts.quarantined(),
          totals.unreadable,
          totals.millis);
    } else {
      out.printf(
          "%d records: %d loads, %d inserts, %d updates, %d deletes, %d table changes applied%n",
          totals.records,
          counts.loads(),
          counts.inserts(),
          counts.updates(),
          counts.deletes(),
          counts.tableChanges());
    }
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    for (QuarantineEntry entry : totals.setAside) {
      err.printf("error: line %s: %s%n", entry.sequenceNumber(), entry.reason());
    }
    if (totals.unreadable > 0) {
      err.printf(
          "error: %d lines of %s are no DMS events; all others were taken%n"
              + "  Correct these lines and apply the file again.%n",
          totals.unreadable, file);
    }
    if (counts.quarantined() > 0) {
      err.printf(
          "error: %d rows could not be applied and are in the target's table dynapipe.quarantine%n",
          counts.quarantined());
    }
    err.flush();
  }

  private static int exitCode(Totals totals) {
    if (totals.unreadable > 0) {
      return Failures.WRONG_INPUT;
    }
    return totals.counts.quarantined() > 0 ? Failures.FAILED : Failures.DONE;
  }

  private static final class Totals {
    long records;
    long unreadable;
    long millis;
    final List<QuarantineEntry> setAside = new ArrayList<>();
    TableCounts counts = TableCounts.NONE;

    void add(BatchOutcome outcome) {
      counts = counts.plus(outcome.total());
      unreadable += outcome.unreadable();
      outcome.setAside().stream()
          .limit(Math.max(0, MAX_SHOWN - setAside.size()))
          .forEach(setAside::add);
    }
  }
}
