package io.dynapipe.deploy;

import io.dynapipe.error.PipelineException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted on AWS. Immutable: each method gives a changed copy.
 *
 * @param stack name of the stack, and of everything in it
 * @param sink the sink's URL; null keeps the one that an earlier deployment was given
 * @param source the URL of an existing source, as AWS DMS reaches it; null when the stack makes the
 *     source, or keeps it
 * @param image an image that is in ECR already; null builds and pushes one
 * @param baseImage of the image that is built; null for AWS's own
 * @param parameters of the template, over what follows from the rest
 * @param overlays templates that are laid over ours, in this order: subject and text
 * @param tableMappings JSON; null for the template's or the earlier ones
 * @param taskSettings JSON; null for the template's or the earlier ones
 * @param jsonColumns {@code schema.table.column} of columns that hold JSON
 */
public record PipelineSpec(
    String stack,
    @Nullable String sink,
    @Nullable String source,
    @Nullable String image,
    @Nullable String baseImage,
    Map<String, String> parameters,
    List<Overlay> overlays,
    @Nullable String tableMappings,
    @Nullable String taskSettings,
    List<String> jsonColumns) {

  /** The stack's name becomes the name of databases, tasks and roles: this is what all allow. */
  private static final String STACK_NAME = "[a-z](-?[a-z0-9]){0,39}";

  /** A template that changes ours. */
  public record Overlay(String subject, String text) {}

  public PipelineSpec {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    overlays = List.copyOf(overlays);
    jsonColumns = List.copyOf(jsonColumns);
    if (!stack.matches(STACK_NAME)) {
      throw PipelineException.input(
          "'" + stack + "' cannot be the name of a stack",
          "Use up to 40 small letters, digits and single hyphens, a letter first.");
    }
  }

  /** Everything as the template has it. */
  public static PipelineSpec named(String stack) {
    return new PipelineSpec(
        stack, null, null, null, null, Map.of(), List.of(), null, null, List.of());
  }

  public PipelineSpec sink(@Nullable String url) {
    return with(draft -> draft.sink = url);
  }

  public PipelineSpec source(@Nullable String url) {
    return with(draft -> draft.source = url);
  }

  public PipelineSpec image(@Nullable String uri) {
    return with(draft -> draft.image = uri);
  }

  public PipelineSpec baseImage(@Nullable String name) {
    return with(draft -> draft.baseImage = name);
  }

  /** A parameter of the template; a later value replaces an earlier one. */
  public PipelineSpec parameter(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(name, value);
    return with(draft -> draft.parameters = more);
  }

  public PipelineSpec parameters(Map<String, String> several) {
    PipelineSpec changed = this;
    for (Map.Entry<String, String> entry : several.entrySet()) {
      changed = changed.parameter(entry.getKey(), entry.getValue());
    }
    return changed;
  }

  /** A template, or a part of one, that is laid over ours. */
  public PipelineSpec overlay(String subject, String yaml) {
    List<Overlay> more = new ArrayList<>(overlays);
    more.add(new Overlay(subject, yaml));
    return with(draft -> draft.overlays = more);
  }

  public PipelineSpec tableMappings(@Nullable String json) {
    return with(draft -> draft.tableMappings = json);
  }

  public PipelineSpec taskSettings(@Nullable String json) {
    return with(draft -> draft.taskSettings = json);
  }

  public PipelineSpec jsonColumns(List<String> columns) {
    return with(draft -> draft.jsonColumns = columns);
  }

  private PipelineSpec with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.spec();
  }

  /** What can be changed of a pipeline, before it is one. */
  private static final class Draft {
    private final String stack;
    private @Nullable String sink;
    private @Nullable String source;
    private @Nullable String image;
    private @Nullable String baseImage;
    private Map<String, String> parameters;
    private List<Overlay> overlays;
    private @Nullable String tableMappings;
    private @Nullable String taskSettings;
    private List<String> jsonColumns;

    Draft(PipelineSpec base) {
      stack = base.stack;
      sink = base.sink;
      source = base.source;
      image = base.image;
      baseImage = base.baseImage;
      parameters = base.parameters;
      overlays = base.overlays;
      tableMappings = base.tableMappings;
      taskSettings = base.taskSettings;
      jsonColumns = base.jsonColumns;
    }

    PipelineSpec spec() {
      return new PipelineSpec(
          stack,
          sink,
          source,
          image,
          baseImage,
          parameters,
          overlays,
          tableMappings,
          taskSettings,
          jsonColumns);
    }
  }

  /** The template with all that is laid over it, and with texts too long for a parameter in it. */
  public Template template() {
    Template template = Template.bundled();
    for (Overlay overlay : overlays) {
      template = template.with(overlay.subject(), overlay.text());
    }
    if (tableMappings != null && isLong(tableMappings)) {
      template =
          template
              .withProperty("ReplicationTask", "TableMappings", tableMappings)
              .withProperty("ReplicationConfig", "TableMappings", tableMappings);
    }
    if (taskSettings != null && isLong(taskSettings)) {
      template =
          template
              .withProperty("ReplicationTask", "ReplicationTaskSettings", taskSettings)
              .withProperty("ReplicationConfig", "ReplicationSettings", taskSettings);
    }
    return template;
  }

  /** CloudFormation's limit for the value of a parameter. */
  static boolean isLong(String text) {
    return text.length() > 4096;
  }
}
