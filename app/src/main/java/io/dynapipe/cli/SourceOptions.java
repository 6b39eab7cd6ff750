package io.dynapipe.cli;

import io.dynapipe.config.PostgresUrl;
import io.dynapipe.config.SourceUrl;
import io.dynapipe.error.PipelineException;
import io.dynapipe.mapping.TableMappings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where changes come from, and of which tables. */
final class SourceOptions {

  @Option(
      names = "--source",
      paramLabel = "URL",
      required = true,
      description = {
        "Source: postgresql://user:password@host:5432/database?sslmode=require.",
        "Its wal_level must be logical."
      })
  String source = "";

  @Option(
      names = "--tables",
      paramLabel = "PATTERN",
      description = {
        "Tables, as schema.table; %% stands for any text, the schema is public when it",
        "is left out. May be given several times (default: every table)."
      })
  List<String> tables = new ArrayList<>();

  @Option(
      names = "--table-mappings",
      paramLabel = "FILE",
      description = "Table mappings as a DMS task has them, instead of --tables.")
  @Nullable Path tableMappings;

  PostgresUrl url(Map<String, String> environment) {
    return SourceUrl.parse(source, environment);
  }

  TableMappings mappings() {
    if (tableMappings == null) {
      return TableMappings.ofPatterns(tables);
    }
    if (!tables.isEmpty()) {
      throw PipelineException.input(
          "--tables and --table-mappings are given both",
          "Leave out one of them; the mappings' selection rules can name tables, too.");
    }
    try {
      return TableMappings.parse(Files.readString(tableMappings));
    } catch (IOException e) {
      throw PipelineException.input(
          "cannot read the table mappings " + tableMappings + ": " + e, "Give a readable file.");
    }
  }
}
