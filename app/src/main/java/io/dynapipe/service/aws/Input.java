package io.dynapipe.service.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request whose members have the types of their {@link InputShape}. */
public final class Input {

  private final ObjectNode node;

  public Input(ObjectNode node) {
    this.node = node;
  }

  public ObjectNode node() {
    return node;
  }

  public boolean has(String name) {
    return node.hasNonNull(name);
  }

  /** A text that may be absent. */
  public @Nullable String text(String name) {
    JsonNode value = node.get(name);
    return value != null && value.isTextual() ? value.textValue() : null;
  }

  public String text(String name, String absent) {
    String text = text(name);
    return text == null ? absent : text;
  }

  /**
   * A text that must be there.
   *
   * @throws Fault when it is absent or blank
   */
  public String required(String name) {
    String text = text(name);
    if (text == null || text.isBlank()) {
      throw Fault.invalidValue(
          "The parameter " + name + " must be provided and must not be blank.");
    }
    return text;
  }

  public long integer(String name, long absent) {
    JsonNode value = node.get(name);
    return value != null && value.isIntegralNumber() ? value.longValue() : absent;
  }

  public boolean bool(String name, boolean absent) {
    JsonNode value = node.get(name);
    return (value != null && value.isBoolean()) ? value.booleanValue() : absent;
  }

  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    JsonNode value = node.get(name);
    if (value != null) {
      value.forEach(element -> texts.add(element.asText()));
    }
    return texts;
  }

  /** The structures of a list; empty when it is absent. */
  public List<Input> objects(String name) {
    List<Input> objects = new ArrayList<>();
    JsonNode value = node.get(name);
    if (value != null) {
      for (JsonNode element : value) {
        if (element instanceof ObjectNode object) {
          objects.add(new Input(object));
        }
      }
    }
    return objects;
  }

  /** A structure; an empty one when it is absent. */
  public Input object(String name) {
    return new Input(node.get(name) instanceof ObjectNode object ? object : node.objectNode());
  }

  /**
   * A time, in seconds since 1970 or as ISO 8601 text.
   *
   * @throws Fault when it is neither
   */
  public @Nullable Instant time(String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    try {
      return value.isNumber()
          ? Instant.ofEpochMilli(Math.round(value.doubleValue() * 1_000))
          : Instant.parse(value.asText());
    } catch (DateTimeException e) {
      throw Fault.malformed("The parameter " + name + " is not a time.");
    }
  }
}
