package io.dynapipe.cli;

import io.dynapipe.processor.TableCounts;
import io.dynapipe.source.postgres.SlotState;
import io.dynapipe.task.LocalPipeline;
import io.dynapipe.task.TableStatistics;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine;

/** Tells how a run goes on: a line on a terminal, statistics in JSON when asked. One thread. */
final class RunReport {

  private static final long JSON_NANOS = Duration.ofSeconds(10).toNanos();

  private final LocalPipeline pipeline;
  private final CommandLine commandLine;
  private final boolean json;
  private final ProgressLine progress;
  private long printed = System.nanoTime();

  RunReport(LocalPipeline pipeline, CommandLine commandLine, boolean json) {
    this.pipeline = pipeline;
    this.commandLine = commandLine;
    this.json = json;
    this.progress = new ProgressLine(commandLine.getErr(), "applied");
  }

  void tick() {
    if (!json) {
      TableCounts applied = pipeline.statistics().appliedTotal();
      progress.update(applied.rows(), "rows");
    } else if (System.nanoTime() - printed > JSON_NANOS) {
      printed = System.nanoTime();
      printJson();
    }
  }

  /** Prints the final figures; the exit code. */
  int end() {
    progress.close();
    PrintWriter out = commandLine.getOut();
    if (json) {
      printJson();
    } else {
      for (TableStatistics table : pipeline.statistics().tables()) {
        TableCounts counts = table.applied();
        out.printf(
            "%s: %d loads, %d inserts, %d updates, %d deletes applied, %d quarantined%n",
            table.table(),
            counts.loads(),
            counts.inserts(),
            counts.updates(),
            counts.deletes(),
            counts.quarantined());
        if (table.suspended() != null) {
          out.printf("%s: suspended: %s%n", table.table(), table.suspended());
        }
      }
      out.flush();
    }
    boolean clean =
        pipeline.statistics().appliedTotal().quarantined() + pipeline.statistics().unreadable()
            == 0;
    return clean ? Failures.DONE : Failures.FAILED;
  }

  private void printJson() {
    PrintWriter out = commandLine.getOut();
    for (TableStatistics table : pipeline.statistics().tables()) {
      TableCounts captured = table.captured();
      TableCounts applied = table.applied();
      JsonLine line =
          JsonLine.of("phase", pipeline.phase().name().toLowerCase(java.util.Locale.ROOT))
              .with("table", table.table().toString())
              .with("captured", captured.rows())
              .with("loads", applied.loads())
              .with("inserts", applied.inserts())
              .with("updates", applied.updates())
              .with("deletes", applied.deletes())
              .with("table_changes", applied.tableChanges())
              .with("quarantined", applied.quarantined());
      String suspended = table.suspended();
      out.println(suspended == null ? line : line.with("suspended", suspended));
    }
    SlotState slot = pipeline.statistics().slot();
    if (slot != null) {
      out.println(
          JsonLine.of("slot", slot.name())
              .with("wal_retained", slot.retainedBytes())
              .with("confirmed", slot.confirmedFlush().toString())
              .with("wal_status", String.valueOf(slot.walStatus())));
    }
    out.flush();
  }
}
