package io.dynapipe.mapping.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dynapipe.mapping.document.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code Logging.LogComponents}: how much each component of a task logs. */
final class LogComponents {

  /** In the order in which DMS lists them. */
  static final List<String> IDS =
      List.of(
          "TRANSFORMATION",
          "SOURCE_UNLOAD",
          "IO",
          "TARGET_LOAD",
          "PERFORMANCE",
          "SOURCE_CAPTURE",
          "SORTER",
          "REST_SERVER",
          "VALIDATOR_EXT",
          "TARGET_APPLY",
          "TASK_MANAGER",
          "TABLES_MANAGER",
          "METADATA_MANAGER",
          "FILE_FACTORY",
          "COMMON",
          "ADDONS",
          "DATA_STRUCTURE",
          "COMMUNICATION",
          "FILE_TRANSFER");

  private LogComponents() {}

  static ArrayNode defaults() {
    return array(Map.of());
  }

  /** The components with those that a document sets in place of what was there. */
  static ArrayNode read(JsonObject logging, JsonNode present) {
    Map<String, String> severities = new LinkedHashMap<>();
    present.forEach(
        component ->
            severities.put(component.path("Id").asText(), component.path("Severity").asText()));
    Map<String, String> words = new LinkedHashMap<>();
    for (LogSeverity severity : LogSeverity.values()) {
      words.put(severity.word(), severity.word());
    }
    for (JsonObject component : logging.objects("LogComponents")) {
      String id = component.requiredText("Id");
      String severity = component.choice("Severity", words, LogSeverity.DEFAULT.word());
      component.end();
      if (IDS.contains(id)) {
        severities.put(id, String.valueOf(severity));
      } else if (!id.isEmpty()) {
        component.problem("Id", "Unsupported keys were found: " + id);
      }
    }
    return array(severities);
  }

  private static ArrayNode array(Map<String, String> severities) {
    ArrayNode components = JsonNodeFactory.instance.arrayNode();
    for (String id : IDS) {
      components
          .addObject()
          .put("Id", id)
          .put("Severity", severities.getOrDefault(id, LogSeverity.DEFAULT.word()));
    }
    return components;
  }
}
