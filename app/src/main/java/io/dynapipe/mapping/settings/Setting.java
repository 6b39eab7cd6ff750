package io.dynapipe.mapping.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dynapipe.mapping.document.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One member of the task settings.
 *
 * @param standard DMS's default
 * @param least of a whole number
 * @param most of a whole number
 * @param choices of a word; empty when any text will do
 * @param effect what it does here, as a sentence; or why it does nothing
 * @param honoured whether it does anything
 */
record Setting(
    String name,
    JsonNode standard,
    long least,
    long most,
    List<String> choices,
    String effect,
    boolean honoured) {

  static Setting bool(String name, boolean standard, String effect) {
    return of(name, BooleanNode.valueOf(standard), 0, 0, List.of(), effect);
  }

  static Setting integer(String name, long standard, long least, long most, String effect) {
    return of(name, LongNode.valueOf(standard), least, most, List.of(), effect);
  }

  static Setting text(String name, String standard, String effect) {
    return of(name, TextNode.valueOf(standard), 0, 0, List.of(), effect);
  }

  static Setting choice(String name, String standard, List<String> choices, String effect) {
    return of(name, TextNode.valueOf(standard), 0, 0, choices, effect);
  }

  private static Setting of(
      String name, JsonNode standard, long least, long most, List<String> choices, String effect) {
    return new Setting(name, standard, least, most, choices, effect, true);
  }

  /** The same, with the reason why it is accepted but does nothing. */
  Setting withoutEffect() {
    return new Setting(name, standard, least, most, choices, effect, false);
  }

  /** Its value in a document; the present one when it is not there, or null, or wrong. */
  JsonNode read(JsonObject section, JsonNode present) {
    if (!section.has(name)) {
      return present;
    }
    if (standard.isBoolean()) {
      return BooleanNode.valueOf(section.bool(name, present.asBoolean()));
    }
    if (standard.isIntegralNumber()) {
      return LongNode.valueOf(section.integer(name, present.asLong(), least, most));
    }
    if (choices.isEmpty()) {
      return TextNode.valueOf(section.text(name, present.asText()));
    }
    Map<String, String> words = new LinkedHashMap<>();
    choices.forEach(word -> words.put(word, word));
    return TextNode.valueOf(String.valueOf(section.choice(name, words, present.asText())));
  }
}
