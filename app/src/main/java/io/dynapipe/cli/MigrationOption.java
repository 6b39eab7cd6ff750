package io.dynapipe.cli;

import io.dynapipe.task.MigrationType;
import picocli.CommandLine.Option;

/** What a task does: load, stream, or both. */
final class MigrationOption {

  @Option(
      names = "--migration-type",
      paramLabel = "TYPE",
      defaultValue = "full-load-and-cdc",
      description = "full-load, cdc or full-load-and-cdc (default: ${DEFAULT-VALUE}).")
  private String type = "full-load-and-cdc";

  MigrationType type() {
    return Words.choice("--migration-type", type, MigrationType.values());
  }
}
