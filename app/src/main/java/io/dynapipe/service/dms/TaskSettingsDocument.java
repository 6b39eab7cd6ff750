package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.mapping.settings.TargetTablePrepMode;
import io.dynapipe.mapping.settings.TaskSettings;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A task's settings: what was given over DMS's defaults. Unknown keys are refused, as DMS does.
 * Immutable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.html">Task
 *     settings</a>
 */
final class TaskSettingsDocument {

  private static final String DEFAULTS = read();

  /** Sections that have an effect here; others are accepted, shown, and named in the log. */
  private static final List<String> WITHOUT_EFFECT =
      List.of(
          "ControlTablesSettings",
          "ChangeProcessingTuning",
          "StreamBufferSettings",
          "ValidationSettings");

  private static final int MAX_SUB_TASKS = 49;

  private final ObjectNode settings;

  private TaskSettingsDocument(ObjectNode settings) {
    this.settings = settings;
  }

  private static String read() {
    try (InputStream file =
        Objects.requireNonNull(
            TaskSettingsDocument.class.getResourceAsStream("task-settings.json"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Settings as given, completed by defaults.
   *
   * @param json null or empty for the defaults alone
   * @throws Fault that names unknown keys and wrong values
   */
  static TaskSettingsDocument of(@Nullable String json) {
    ObjectNode merged = Json.parseOwn(DEFAULTS);
    if (json != null && !json.isBlank()) {
      ObjectNode given;
      try {
        given = Json.parse(json.getBytes(StandardCharsets.UTF_8));
      } catch (Fault e) {
        throw Fault.invalidValue("Task Settings are not a JSON object.");
      }
      List<String> unknown = new ArrayList<>();
      merge(given, merged, "", unknown);
      if (!unknown.isEmpty()) {
        throw Fault.invalidValue(
            "Invalid task settings JSON. Unsupported keys were found: "
                + String.join(", ", unknown));
      }
    }
    return new TaskSettingsDocument(merged).checked();
  }

  private static void merge(ObjectNode given, ObjectNode into, String path, List<String> unknown) {
    for (Map.Entry<String, JsonNode> member : given.properties()) {
      JsonNode known = into.get(member.getKey());
      if (known == null) {
        unknown.add(path + member.getKey());
      } else if (known instanceof ObjectNode object && member.getValue() instanceof ObjectNode m) {
        merge(m, object, path + member.getKey() + ".", unknown);
      } else if (known.isNull()
          || member.getValue().isNull()
          || known.getNodeType() == member.getValue().getNodeType()) {
        into.set(member.getKey(), member.getValue());
      } else {
        throw Fault.invalidValue(
            "Invalid task settings JSON. "
                + path
                + member.getKey()
                + " must be a "
                + known.getNodeType()
                + ".");
      }
    }
  }

  private TaskSettingsDocument checked() {
    String mode = settings.path("FullLoadSettings").path("TargetTablePrepMode").asText();
    List<String> modes = new ArrayList<>();
    for (TargetTablePrepMode preparation : TargetTablePrepMode.values()) {
      modes.add(preparation.name());
    }
    if (!modes.contains(mode)) {
      throw Fault.invalidValue(
          "Invalid task settings JSON. TargetTablePrepMode must be one of "
              + new TreeSet<>(modes)
              + ".");
    }
    int subTasks = maxFullLoadSubTasks();
    if (subTasks < 1 || subTasks > MAX_SUB_TASKS) {
      throw Fault.invalidValue(
          "Invalid task settings JSON. MaxFullLoadSubTasks must be between 1 and 49.");
    }
    return this;
  }

  /** As the task takes them. */
  TaskSettings settings() {
    return TaskSettings.defaults().merge(text());
  }

  int maxFullLoadSubTasks() {
    return settings.path("FullLoadSettings").path("MaxFullLoadSubTasks").intValue();
  }

  boolean logs() {
    return settings.path("Logging").path("EnableLogging").booleanValue();
  }

  /** Sections that differ from the defaults and have no effect in this service. */
  List<String> ignored() {
    ObjectNode defaults = Json.parseOwn(DEFAULTS);
    return WITHOUT_EFFECT.stream()
        .filter(section -> !settings.path(section).equals(defaults.path(section)))
        .toList();
  }

  /** The whole document, as the API shows it. */
  String text() {
    return Json.text(settings);
  }
}
