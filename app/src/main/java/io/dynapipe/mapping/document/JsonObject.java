package io.dynapipe.mapping.document;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One object of a document. Its members are asked for one after the other; a wrong one is noted as
 * a problem and answered with a harmless value, so that reading can go on; {@link #end} notes those
 * that nobody asked for. One thread at a time.
 */
public final class JsonObject {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final ObjectNode node;
  private final String place;
  private final String path;
  private final Problems problems;
  private final Set<String> asked = new HashSet<>();

  private JsonObject(ObjectNode node, String place, String path, Problems problems) {
    this.node = node;
    this.place = place;
    this.path = path;
    this.problems = problems;
  }

  /**
   * The document's root; an empty object when it cannot be read or is not an object, which is then
   * noted.
   */
  public static JsonObject parse(String json, Problems problems) {
    ObjectNode none = JsonNodeFactory.instance.objectNode();
    try {
      JsonNode root = MAPPER.readTree(json);
      if (root instanceof ObjectNode object) {
        return new JsonObject(object, "", "", problems);
      }
      problems.add("", "not a JSON object");
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " (line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr()
                  + ")";
      problems.add("", "not readable as JSON: " + e.getOriginalMessage() + where);
    }
    return new JsonObject(none, "", "", problems);
  }

  /** The same object, with this text before the path in problems: the rule, for example. */
  public JsonObject named(String newPlace) {
    JsonObject named = new JsonObject(node, newPlace, "", problems);
    named.asked.addAll(asked);
    return named;
  }

  /** The object as it was given. */
  public ObjectNode node() {
    return node;
  }

  /** Whether the member is there and not null; asks for it. */
  public boolean has(String name) {
    asked.add(name);
    return node.hasNonNull(name);
  }

  /** Notes a problem of a member. */
  public void problem(String name, String text) {
    String member = name.isEmpty() ? path : path.isEmpty() ? name : path + "." + name;
    String separator = place.isEmpty() || member.isEmpty() ? "" : ", ";
    problems.add(place + separator + member, text);
  }

  /** A text that must be there and not empty. */
  public String requiredText(String name) {
    String text = text(name, "");
    if (text.isEmpty() && isBlank(name)) {
      problem(name, "is missing");
    }
    return text;
  }

  private boolean isBlank(String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() || value.asText("x").isEmpty();
  }

  /** A text; a number is taken as its digits. */
  public String text(String name, String absent) {
    asked.add(name);
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      return absent;
    }
    if (!value.isTextual() && !value.isNumber()) {
      problem(name, "must be a text, not " + describe(value));
      return absent;
    }
    return value.asText();
  }

  /**
   * A whole number within bounds, also written as a text of digits; empty text counts as absent.
   */
  public long integer(String name, long absent, long least, long most) {
    asked.add(name);
    JsonNode value = node.get(name);
    if (value == null || value.isNull() || (value.isTextual() && value.asText().isEmpty())) {
      return absent;
    }
    try {
      long number = Long.parseLong(value.isContainerNode() ? "" : value.asText());
      if (number >= least && number <= most) {
        return number;
      }
      problem(name, "must be from " + least + " to " + most + ", not " + number);
    } catch (NumberFormatException e) {
      problem(name, "must be a whole number, not " + describe(value));
    }
    return absent;
  }

  /** A boolean, also written as a text. */
  public boolean bool(String name, boolean absent) {
    asked.add(name);
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      return absent;
    }
    String text = value.isContainerNode() ? "" : value.asText().toLowerCase(Locale.ROOT);
    if (!text.equals("true") && !text.equals("false")) {
      problem(name, "must be true or false, not " + describe(value));
      return absent;
    }
    return text.equals("true");
  }

  /** One of these words; the absent one (which may be null: then it is required) when missing. */
  public <T> @Nullable T choice(String name, Map<String, T> choices, @Nullable T absent) {
    String word = absent == null ? requiredText(name) : text(name, "");
    T choice = choices.get(word);
    if (choice == null && !word.isEmpty()) {
      problem(
          name,
          "'" + word + "' is not one of " + String.join(", ", new TreeSet<>(choices.keySet())));
    }
    return choice == null ? absent : choice;
  }

  /** An object; one without members when it is missing. */
  public JsonObject object(String name) {
    asked.add(name);
    JsonNode value = node.get(name);
    if (value instanceof ObjectNode object) {
      return child(object, name);
    }
    if (value != null && !value.isNull()) {
      problem(name, "must be an object, not " + describe(value));
    }
    return child(JsonNodeFactory.instance.objectNode(), name);
  }

  /** An object that must be there. */
  public JsonObject requiredObject(String name) {
    if (!has(name)) {
      problem(name, "is missing");
    }
    return object(name);
  }

  /** The objects of an array; none when it is missing. */
  public List<JsonObject> objects(String name) {
    List<JsonObject> objects = new ArrayList<>();
    List<JsonNode> elements = elements(name);
    for (int i = 0; i < elements.size(); i++) {
      String element = name + "[" + i + "]";
      if (elements.get(i) instanceof ObjectNode object) {
        objects.add(child(object, element));
      } else {
        problem(element, "must be an object, not " + describe(elements.get(i)));
      }
    }
    return objects;
  }

  /** The texts of an array; none when it is missing. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    List<JsonNode> elements = elements(name);
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i).isTextual() || elements.get(i).isNumber()) {
        texts.add(elements.get(i).asText());
      } else {
        problem(name + "[" + i + "]", "must be a text, not " + describe(elements.get(i)));
      }
    }
    return texts;
  }

  /** The arrays of texts in an array; none when it is missing. */
  public List<List<String>> textLists(String name) {
    List<List<String>> lists = new ArrayList<>();
    List<JsonNode> elements = elements(name);
    for (int i = 0; i < elements.size(); i++) {
      List<String> texts = new ArrayList<>();
      boolean valid = elements.get(i).isArray();
      for (JsonNode element : elements.get(i)) {
        valid &= element.isTextual() || element.isNumber();
        texts.add(element.asText());
      }
      if (!valid) {
        problem(
            name + "[" + i + "]", "must be an array of texts, not " + describe(elements.get(i)));
      }
      lists.add(texts);
    }
    return lists;
  }

  /** The elements of an array; none when it is missing. */
  public List<JsonNode> elements(String name) {
    asked.add(name);
    JsonNode value = node.get(name);
    List<JsonNode> elements = new ArrayList<>();
    if (value == null || value.isNull()) {
      return elements;
    }
    if (!value.isArray()) {
      problem(name, "must be an array, not " + describe(value));
      return elements;
    }
    value.forEach(elements::add);
    return elements;
  }

  /** Any value; null when missing. */
  public @Nullable JsonNode any(String name) {
    asked.add(name);
    return node.get(name);
  }

  /** Notes each member that was not asked for. */
  public void end() {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!asked.contains(name)) {
        problem(name, "is not a known member");
      }
    }
  }

  private JsonObject child(ObjectNode object, String name) {
    return new JsonObject(object, place, path.isEmpty() ? name : path + "." + name, problems);
  }

  private static String describe(JsonNode value) {
    String text = value.toString();
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
