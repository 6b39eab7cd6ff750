package io.dynapipe.cli;

import io.dynapipe.config.ByteSizes;
import io.dynapipe.error.PipelineException;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.source.postgres.PostgresSettings;
import io.dynapipe.source.postgres.PostgresSettings.Plugin;
import io.dynapipe.task.CdcWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a task works. */
final class TaskOptions {

  @Option(
      names = "--task-settings",
      paramLabel = "FILE",
      description = "Task settings as a DMS task has them (see docs/task-settings.md).")
  @Nullable Path taskSettings;

  @Option(
      names = "--slot",
      paramLabel = "NAME",
      description = {
        "Streams from this slot (and the publication of the same name), which stays; what",
        "was taken is confirmed to it. Only with --migration-type cdc."
      })
  @Nullable String slot;

  @Option(
      names = "--cdc-start-position",
      paramLabel = "LSN",
      description = "Leaves out changes before it; needs --slot.")
  @Nullable String cdcStart;

  @Option(
      names = "--cdc-stop-position",
      paramLabel = "TIME",
      description = {"Stops at commit_time:2018-02-09T12:12:12 or server_time:..., in UTC."})
  @Nullable String cdcStop;

  @Option(
      names = "--plugin",
      paramLabel = "NAME",
      defaultValue = "pgoutput",
      description = "How the server decodes changes: pgoutput or pglogical.")
  private String plugin = "pgoutput";

  @Option(
      names = "--wal-budget",
      paramLabel = "SIZE",
      defaultValue = "16GiB",
      description = {
        "How much WAL the source may keep for the slot; from half of it on there are",
        "warnings (default: ${DEFAULT-VALUE})."
      })
  private String walBudget = "16GiB";

  @Option(
      names = "--drop-slot-over-budget",
      description = {
        "Drops the slot when the budget is exceeded, so that the source's disk is safe;",
        "the task ends and has to load again."
      })
  private boolean dropSlot;

  @Option(
      names = "--on-rewrite",
      paramLabel = "MODE",
      defaultValue = "reload",
      description = {
        "When a column with a default or another type gave rows new values, which the log",
        "does not tell: reload the table while changes wait, or warn (default:",
        "${DEFAULT-VALUE})."
      })
  private String onRewrite = "reload";

  private enum OnRewrite {
    RELOAD,
    WARN
  }

  TaskSettings settings() {
    if (taskSettings == null) {
      return TaskSettings.defaults();
    }
    try {
      return TaskSettings.parse(Files.readString(taskSettings));
    } catch (IOException e) {
      throw PipelineException.input(
          "cannot read the task settings " + taskSettings + ": " + e, "Give a readable file.");
    }
  }

  CdcWindow window() {
    return CdcWindow.parse(cdcStart, cdcStop);
  }

  PostgresSettings source() {
    return PostgresSettings.DEFAULTS
        .withPlugin(Words.choice("--plugin", plugin, Plugin.values()))
        .withSlot(slot)
        .withWalBudget(ByteSizes.parse(walBudget), dropSlot)
        .withReloadsRewritten(
            Words.choice("--on-rewrite", onRewrite, OnRewrite.values()) == OnRewrite.RELOAD);
  }
}
