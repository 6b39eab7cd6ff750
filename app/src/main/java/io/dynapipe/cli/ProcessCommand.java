package io.dynapipe.cli;

import io.dynapipe.config.ColumnTypes;
import io.dynapipe.config.KinesisUrl;
import io.dynapipe.config.StreamUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.task.StreamProcess;
import io.dynapipe.task.TableStatistics;
import io.dynapipe.task.TaskStatistics;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "process",
    description = {
      "Applies the DMS events of a Kinesis stream to a target, whoever writes them.",
      "",
      "Stop it with Ctrl-C, or let it crash: it goes on behind its checkpoints, which are in",
      "the target's database."
    },
    footer = {
      "",
      "Example:",
      "  dynapipe process --stream kinesis://eu-central-1/shop --sink crate://localhost:4200",
      "",
      "Exit codes: 0 stopped, 1 failed while running, 2 wrong input,",
      "3 stream or target cannot be reached or used, 130 Ctrl-C, 143 SIGTERM."
    },
    mixinStandardHelpOptions = true)
final class ProcessCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--stream",
      required = true,
      paramLabel = "URL",
      description = "kinesis://region/stream, or kinesis+dms:///arn:aws:kinesis:...")
  private String stream = "";

  @Mixin private SinkOptions sinkOptions = new SinkOptions();

  @Option(names = "--json", description = "Prints figures as one JSON object a line.")
  private boolean json;

  private volatile boolean stopping;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> environment = System.getenv();
    TaskStatistics statistics = new TaskStatistics();
    StreamProcess process =
        StreamProcess.open(
            kinesis(),
            sinkOptions.url(environment),
            sinkOptions.layout(),
            ColumnTypes.parse(environment.get(ColumnTypes.COLUMN_TYPES)),
            statistics);
    try (ProgressLine line = new ProgressLine(spec.commandLine().getErr(), "applied")) {
      Ending.after(
          () -> {
            process.start();
            while (!stopping) {
              process.throwFailure();
              line.update(statistics.appliedTotal().rows(), "rows");
              Thread.sleep(100);
            }
          },
          () -> stopping = true,
          process::close);
    }
    report(statistics);
    return Failures.DONE;
  }

  private KinesisUrl kinesis() {
    if (StreamUrl.parse(stream) instanceof KinesisUrl url) {
      return url;
    }
    throw PipelineException.input(
        "--stream: only a Kinesis stream is processed on its own",
        "An embedded stream is applied by 'dynapipe run' or 'dynapipe serve', which write it.");
  }

  private void report(TaskStatistics statistics) {
    PrintWriter out = spec.commandLine().getOut();
    for (TableStatistics table : statistics.tables()) {
      TableCounts counts = table.applied();
      if (json) {
        out.println(
            JsonLine.of("table", table.table().toString())
                .with("loads", counts.loads())
                .with("inserts", counts.inserts())
                .with("updates", counts.updates())
                .with("deletes", counts.deletes())
                .with("table_changes", counts.tableChanges())
                .with("quarantined", counts.quarantined()));
      } else {
        out.printf(
            "%s: %d loads, %d inserts, %d updates, %d deletes applied, %d quarantined%n",
            table.table(),
            counts.loads(),
            counts.inserts(),
            counts.updates(),
            counts.deletes(),
            counts.quarantined());
      }
    }
    out.flush();
  }
}
