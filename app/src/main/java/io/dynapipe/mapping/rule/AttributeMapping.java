package io.dynapipe.mapping.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynapipe.mapping.document.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A further attribute of a table's records.
 *
 * @param value a {@link DocumentNode.Leaf} makes a text, everything else a JSON document
 */
public record AttributeMapping(String name, DocumentNode value) {

  private static final Map<String, String> TYPES =
      Map.of("scalar", "scalar", "document", "document");
  private static final Map<String, String> SUB_TYPES = Map.of("string", "string", "json", "json");

  /** Reads a mapping; null when it has problems. */
  static @Nullable AttributeMapping read(JsonObject object) {
    String other = object.text("attribute-name", "");
    String name =
        other.isEmpty()
            ? object.requiredText("target-attribute-name")
            : object.text("target-attribute-name", other);
    String type = object.choice("attribute-type", TYPES, "");
    String subType = object.choice("attribute-sub-type", SUB_TYPES, "");
    JsonNode value = object.any("value");
    object.end();
    if (value == null || value.isNull()) {
      object.problem("value", "is missing");
      return null;
    }
    boolean scalar = value.isValueNode();
    if ("scalar".equals(type) && !scalar) {
      object.problem("value", "must be a text with attribute-type scalar");
    }
    if (("document".equals(type) && scalar) || ("json".equals(subType) && scalar)) {
      object.problem("value", "must be an object with attribute-type document");
    }
    if ("string".equals(subType) && !scalar) {
      object.problem("attribute-sub-type", "must be json with an object");
    }
    try {
      return new AttributeMapping(name, DocumentNode.of(value));
    } catch (IllegalArgumentException e) {
      object.problem("value", String.valueOf(e.getMessage()));
      return null;
    }
  }
}
