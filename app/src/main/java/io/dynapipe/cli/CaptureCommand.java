package io.dynapipe.cli;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.Lsn;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.source.postgres.PostgresServer;
import io.dynapipe.task.CaptureProgress.Phase;
import io.dynapipe.task.CaptureTask;
import io.dynapipe.task.LineWriter;
import io.dynapipe.task.MigrationType;
import io.dynapipe.task.Sources;
import io.dynapipe.task.TaskDefinition;
import io.dynapipe.task.TaskStatistics;
import io.dynapipe.task.TransientProgress;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "capture",
    description = {
      "Writes DMS events of a source to a file, a pipe, or nowhere.",
      "",
      "Without --slot a replication slot is made for this run and dropped at its end."
    },
    footer = {
      "",
      "Examples:",
      "  dynapipe capture --source postgresql://postgres@localhost/shop --out events.ndjson \\",
      "      --migration-type full-load",
      "  dynapipe capture --source postgresql://postgres@localhost/shop --out - | jq .metadata"
    },
    mixinStandardHelpOptions = true)
final class CaptureCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private SourceOptions sourceOptions = new SourceOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "-",
      description = {
        "A file, - for standard output, or null to count only",
        "(default: ${DEFAULT-VALUE})."
      })
  private String out = "-";

  @Mixin private MigrationOption migrationOption = new MigrationOption();

  @Mixin private TaskOptions taskOptions = new TaskOptions();

  @Option(
      names = "--until",
      paramLabel = "LSN",
      description = "Ends when all changes up to this LSN are written; now for the present end.")
  private @Nullable String until;

  @Option(
      names = "--readers",
      paramLabel = "N",
      description = "Readers of the full load (default: what the task settings say, else 8).")
  private @Nullable Integer readers;

  @Option(names = "--json", description = "Prints the result as one JSON object, to stderr.")
  private boolean json;

  private volatile boolean stopping;

  @Override
  public Integer call() throws InterruptedException {
    MigrationType migration = migrationOption.type();
    TaskDefinition definition = definition(migration);
    PostgresServer server = Sources.open(sourceOptions.url(System.getenv()));
    Lsn end = end(server);
    TaskStatistics statistics = new TaskStatistics();
    long began = System.nanoTime();
    try (LineWriter writer = new LineWriter(open())) {
      CaptureTask capture =
          new CaptureTask(definition, server, writer, progress(definition), statistics);
      Ending.after(
          () -> run(capture, end, statistics), () -> stopping = true, () -> leave(capture));
    }
    report(statistics, (System.nanoTime() - began) / 1e9);
    return Failures.DONE;
  }

  private void run(CaptureTask capture, Lsn end, TaskStatistics statistics)
      throws InterruptedException {
    try (ProgressLine line = new ProgressLine(spec.commandLine().getErr(), "captured")) {
      capture.run(
          () -> {
            line.update(statistics.capturedTotal().rows(), "events");
            return stopping || (!end.isNone() && capture.durable().compareTo(end) >= 0);
          });
    }
  }

  private void leave(CaptureTask capture) throws InterruptedException {
    if (taskOptions.slot == null) {
      capture.cleanUp();
    }
  }

  private Lsn end(PostgresServer server) {
    if (until == null) {
      return Lsn.NONE;
    }
    try {
      return until.equals("now") ? Sources.currentPosition(server) : Lsn.parse(until);
    } catch (IllegalArgumentException e) {
      throw PipelineException.input("--until: " + e.getMessage(), "Give an LSN or now.");
    }
  }

  private static TransientProgress progress(TaskDefinition definition) {
    String slot = definition.source().slot();
    if (slot == null) {
      String random = UUID.randomUUID().toString().substring(0, 8);
      return new TransientProgress("dynapipe_capture_" + random, Phase.NEW);
    }
    TransientProgress progress = new TransientProgress(slot, Phase.CDC);
    Lsn start = definition.window().start();
    if (start != null) {
      progress.enter(Phase.CDC, start);
    }
    return progress;
  }

  private TaskDefinition definition(MigrationType migration) {
    TaskSettings settings = taskOptions.settings();
    if (readers != null) {
      settings =
          settings.merge("{\"FullLoadSettings\": {\"MaxFullLoadSubTasks\": " + readers + "}}");
    }
    return TaskDefinition.of("CAPTURE", migration, sourceOptions.mappings())
        .withSettings(settings)
        .withWindow(taskOptions.window())
        .withSource(taskOptions.source());
  }

  private OutputStream open() {
    try {
      return switch (out) {
        case "-" -> System.out;
        case "null" -> OutputStream.nullOutputStream();
        default -> Files.newOutputStream(Path.of(out));
      };
    } catch (IOException e) {
      throw PipelineException.input("cannot write " + out + ": " + e, "Give a writable file.");
    }
  }

  private void report(TaskStatistics statistics, double seconds) {
    TableCounts counts = statistics.capturedTotal();
    PrintWriter err = spec.commandLine().getErr();
    if (json) {
      err.println(
          JsonLine.of("loads", counts.loads())
              .with("inserts", counts.inserts())
              .with("updates", counts.updates())
              .with("deletes", counts.deletes())
              .with("table_changes", counts.tableChanges())
              .with("millis", Math.round(seconds * 1000)));
    } else {
      err.printf(
          Locale.ROOT,
          "captured %,d loads, %,d inserts, %,d updates, %,d deletes, %,d table changes in %.1f"
              + " s%n",
          counts.loads(),
          counts.inserts(),
          counts.updates(),
          counts.deletes(),
          counts.tableChanges(),
          seconds);
    }
    err.flush();
  }
}
