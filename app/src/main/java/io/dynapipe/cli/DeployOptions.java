package io.dynapipe.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynapipe.deploy.PipelineSpec;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which pipeline on AWS, and how it is made. */
final class DeployOptions {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--stack",
      paramLabel = "NAME",
      defaultValue = "dynapipe",
      description = "Name of the stack and of all in it (default: ${DEFAULT-VALUE}).")
  private String stack = "dynapipe";

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "AWS region (default: the environment's or the profile's).")
  private @Nullable String region;

  @Option(
      names = "--sink",
      paramLabel = "URL",
      description = {
        "Target: crate://user:password@host:4200/?ssl=true. It is kept as a secret. Default:",
        "the one of an earlier 'up'."
      })
  private @Nullable String sink;

  @Option(
      names = "--source",
      paramLabel = "URL",
      description = {
        "An existing PostgreSQL, as AWS DMS reaches it: postgresql://user:password@host/db.",
        "Without it, one is made on RDS."
      })
  private @Nullable String source;

  @Option(
      names = "--parameter",
      paramLabel = "NAME=VALUE",
      description = "A parameter of the template; may be given several times.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--parameters",
      paramLabel = "FILE",
      description = {
        "Parameters in a JSON file: {\"DatabaseClass\": \"db.t4g.small\"}, or in the form of the",
        "aws command."
      })
  private @Nullable Path parametersFile;

  @Option(
      names = "--overlay",
      paramLabel = "FILE",
      description = "A template that is laid over ours; may be given several times.")
  private List<Path> overlays = new ArrayList<>();

  @Option(names = "--table-mappings", paramLabel = "FILE", description = "Table mappings (JSON).")
  private @Nullable Path tableMappings;

  @Option(names = "--task-settings", paramLabel = "FILE", description = "Task settings (JSON).")
  private @Nullable Path taskSettings;

  @Option(
      names = "--json-column",
      paramLabel = "NAME",
      description = {
        "A column that holds JSON, as schema.table.column; may be given several times.",
        "Without it, a --source that can be reached is looked at."
      })
  private List<String> jsonColumns = new ArrayList<>();

  @Option(
      names = "--image",
      paramLabel = "URI",
      description = "The function's image, when it is in ECR already; else it is built and pushed.")
  private @Nullable String image;

  @Option(
      names = "--base",
      paramLabel = "IMAGE",
      description = "Base of the image that is built (default: AWS's Java 21).")
  private @Nullable String base;

  @Nullable String region() {
    return region;
  }

  PipelineSpec spec() {
    PipelineSpec spec =
        PipelineSpec.named(stack)
            .sink(sink)
            .source(source)
            .image(image)
            .baseImage(base)
            .tableMappings(json(tableMappings))
            .taskSettings(json(taskSettings))
            .jsonColumns(jsonColumns);
    if (parametersFile != null) {
      spec = spec.parameters(fromFile(parametersFile));
    }
    spec = spec.parameters(parameters);
    for (Path overlay : overlays) {
      spec = spec.overlay(overlay.toString(), text(overlay));
    }
    return spec;
  }

  private static @Nullable String json(@Nullable Path file) {
    return file == null ? null : tree(file).toString();
  }

  /** {@code {"Name": "value"}}, or AWS's {@code [{"ParameterKey": .., "ParameterValue": ..}]}. */
  private static Map<String, String> fromFile(Path file) {
    JsonNode tree = tree(file);
    Map<String, String> found = new LinkedHashMap<>();
    if (tree.isObject()) {
      tree.properties().forEach(entry -> found.put(entry.getKey(), entry.getValue().asText()));
    }
    if (tree.isArray()) {
      tree.forEach(
          pair ->
              found.put(pair.path("ParameterKey").asText(), pair.path("ParameterValue").asText()));
    }
    return found;
  }

  private static JsonNode tree(Path file) {
    try {
      return JSON.readTree(text(file));
    } catch (IOException e) {
      throw PipelineException.input(file + " is not JSON: " + e.getMessage(), "Correct it.");
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw PipelineException.input(file + " cannot be read: " + e, "Give a readable file.");
    }
  }
}
